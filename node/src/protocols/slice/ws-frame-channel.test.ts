import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { discard } from '@sluice/sdk/content'
import { WebSocket, WebSocketServer } from 'ws'
import { wsFrameChannel } from './index.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
after(() => server.close())

/** A channel to a peer that says all of this at once. */
async function hear(messages: readonly Uint8Array[]) {
  if (server.address() === null) await once(server, 'listening')
  server.once('connection', (socket, { socket: tcp }) => {
    tcp.cork()
    for (const message of messages) socket.send(message)
    tcp.uncork()
  })
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return wsFrameChannel(socket)
}

describe('a node’s WebSocket as a channel of frames', () => {
  it('gives each frame memory of its own, so that freeing one leaves the others', async () => {
    const messages = [100, 20_000, 30, 300_000, 40].map((length, at) => new Uint8Array(length % 263_000).fill(at + 1))
    const channel = await hear(messages)
    const heard: [number, number | undefined][] = []
    for await (const frame of channel.frames) {
      heard.push([frame.length, frame.at(-1)])
      discard(frame)
      if (heard.length === messages.length) break
    }
    channel.abort(new Error('heard enough'))
    assert.deepEqual(
      heard,
      messages.map((message, at) => [message.length, at + 1]),
    )
  })
})
