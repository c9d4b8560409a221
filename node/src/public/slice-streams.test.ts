import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { after, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { connectPageChannel, connectWebSocket, MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { encodeFrame } from '@sluice/sdk/wire'
import { bindListener } from '../http/index.ts'
import type { Listener } from '../http/index.ts'
import { createRateLimiter } from '../net/index.ts'
import { wsFrameChannel } from '../protocols/slice/index.ts'
import { createCleanup } from '../testing/peers.ts'
import { acceptExchangeSockets } from './exchange-sockets.ts'
import { createSliceStreams } from './slice-streams.ts'

const cleanup = createCleanup()
after(() => cleanup.run())
const TOKEN = 'ab'.repeat(16)
/** What a body may hold back. */
const HIGH_WATER = 1024 * 1024

type Served = { readonly channel: FrameChannel; readonly hasStream: boolean }

/** A listener that serves exchanges, and answers for their slices unless `streams` is false. */
async function startNode({ streams = true } = {}) {
  const listener = await bindListener('127.0.0.1', 0)
  cleanup.add(() => listener.close(100))
  const served = Promise.withResolvers<Served>()
  const ended = Promise.withResolvers<void>()
  const bodies: ServerResponse[] = []
  const sockets = acceptExchangeSockets({
    listener,
    limiter: createRateLimiter(1000),
    maxSockets: 8,
    serve: (socket, { stream }) => {
      served.resolve({ channel: wsFrameChannel(socket, stream), hasStream: stream !== undefined })
      socket.once('close', () => ended.resolve())
      return ended.promise
    },
  })
  cleanup.add(() => sockets.close())
  const attached = new Promise<ServerResponse>((resolve) => {
    listener.server.on('request', ({ url = '' }, response) => {
      if (!streams || !sockets.attachStream(url.slice('/exchange/'.length), response)) response.writeHead(404).end()
      else bodies.push(response)
      resolve(response)
    })
  })
  return {
    url: exchangeUrl(listener),
    origin: listener.origin,
    served: served.promise,
    ended: ended.promise,
    bodies,
    attached,
  }
}

function exchangeUrl({ origin }: Listener): string {
  return `${origin.replace('http', 'ws')}/exchange`
}

async function take(channel: FrameChannel, count: number): Promise<number[]> {
  const first: number[] = []
  for await (const frame of channel.frames) {
    first.push(frame[0] ?? -1)
    if (first.length === count) break
  }
  return first
}

function slice(mark: number): [Uint8Array, Uint8Array] {
  return [Uint8Array.of(mark), new Uint8Array(MAX_FRAME_BYTES - 1024).fill(mark)]
}

/** A page that has asked for something, and the node's side of it once the body is there. */
async function converse(node: Awaited<ReturnType<typeof startNode>>) {
  const page = await connectPageChannel(node.url)
  cleanup.add(() => page.close())
  await page.send(Uint8Array.of(7))
  const { channel } = await node.served
  assert.deepEqual(await take(channel, 1), [7])
  return { page, channel, body: await node.attached }
}

describe('slices beside a WebSocket', () => {
  it('come by the body of an HTTP answer, everything else over the socket', async () => {
    const node = await startNode()
    const { page, channel, body } = await converse(node)
    const written: number[] = []
    const write = body.write.bind(body)
    body.write = ((chunk: Uint8Array) => {
      written.push(chunk.length)
      return write(chunk)
    }) as typeof body.write
    for (const mark of [1, 2, 3]) await channel.send(...slice(mark))
    await channel.send(Uint8Array.of(9))
    assert.deepEqual((await take(page, 4)).toSorted(), [1, 2, 3, 9])
    assert.equal(
      written.reduce((sum, length) => sum + length, 0),
      3 * (3 + 1 + MAX_FRAME_BYTES - 1024),
    )
  })

  it('come over the socket where the node has no such answers', async () => {
    const node = await startNode({ streams: false })
    const { page, channel } = await converse(node)
    await channel.send(...slice(1))
    assert.deepEqual(await take(page, 1), [1])
    assert.equal(node.bodies.length, 0)
  })

  it('are not asked for with a goodbye, which a node that has closed would refuse', async () => {
    const node = await startNode()
    const page = await connectPageChannel(node.url)
    const goodbye = encodeFrame({ type: 'bye' })
    await page.send(goodbye)
    const { channel } = await node.served
    assert.deepEqual(await take(channel, 1), [goodbye[0]])
    assert.equal((await fetch(`${node.origin}/exchange/x`)).status, 404)
    assert.equal(node.bodies.length, 0)
  })

  it('wait for a page that does not read, in bounded memory', async () => {
    const node = await startNode()
    const { page, channel, body } = await converse(node)
    let sent = 0
    const sending = (async () => {
      for (; sent < 400; sent += 1) await channel.send(...slice(sent % 256))
    })()
    while (body.writableLength < HIGH_WATER) await new Promise((resolve) => setImmediate(resolve))
    assert.ok(sent < 200, `${sent} slices left`)
    // What comes over the socket meanwhile must not make the page forget that its body waits.
    await channel.send(Uint8Array.of(9))
    assert.equal((await take(page, 401)).length, 401)
    await sending
  })

  it('end with the exchange when their body breaks, since what was on its way is lost', async () => {
    const node = await startNode()
    const { page, channel, body } = await converse(node)
    await channel.send(...slice(1))
    body.destroy()
    await node.ended
    await assert.rejects(async () => {
      for await (const frame of page.frames) assert.ok(frame)
    })
  })

  it('break the exchange when they end inside a frame', async () => {
    const node = await startNode()
    const { page, body } = await converse(node)
    body.end(Uint8Array.of(200))
    const reading = async (): Promise<void> => {
      for await (const frame of page.frames) assert.ok(frame)
    }
    await assert.rejects(reading, (error) => isSluiceError(error, 'FRAME_INVALID'))
  })

  it('have one body, for whoever knows the token', async () => {
    const node = await startNode()
    const socket = await connectWebSocket(`${node.url}?stream=${TOKEN}`)
    cleanup.add(() => socket.close())
    assert.equal((await node.served).hasStream, true)
    const first = await fetch(`${node.origin}/exchange/${TOKEN}`)
    assert.equal(first.status, 200)
    assert.equal(first.headers.get('access-control-allow-origin'), '*')
    for (const token of [TOKEN, TOKEN.replace('a', 'b'), '', 'x']) {
      assert.equal((await fetch(`${node.origin}/exchange/${token}`)).status, 404)
    }
    await first.body?.cancel()
  })

  it('keep to the socket when the token is none', async () => {
    const node = await startNode()
    const socket = await connectWebSocket(`${node.url}?stream=short`)
    cleanup.add(() => socket.close())
    assert.equal((await node.served).hasStream, false)
  })
})

describe('createSliceStreams', () => {
  it('gives an idle answer back, and takes another', async () => {
    const streams = createSliceStreams(20)
    const stream = streams.open(TOKEN, () => assert.fail('the exchange goes on'))
    assert.equal(
      streams.open(TOKEN, () => undefined),
      undefined,
    )
    const listener = await bindListener('127.0.0.1', 0)
    cleanup.add(() => listener.close(100))
    listener.server.on('request', (_request, response) => assert.equal(streams.attach(TOKEN, response), true))
    for (const round of [1, 2]) {
      const answer = await fetch(listener.origin)
      assert.equal(stream?.isOpen, true)
      await stream.send(Uint8Array.of(round), Uint8Array.of(5))
      assert.deepEqual([...new Uint8Array(await answer.arrayBuffer())], [2, round, 5])
      assert.equal(stream.isOpen, false)
    }
    const last = await fetch(listener.origin)
    stream?.close()
    assert.equal(stream?.isOpen, false)
    assert.equal((await last.arrayBuffer()).byteLength, 0)
  })
})
