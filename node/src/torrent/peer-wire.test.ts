import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { describe, it } from 'node:test'
import type { TestContext } from 'node:test'
import type Wire from 'bittorrent-protocol'
import { isSluiceError } from '@sluice/sdk'
import { BLOCK_BYTES } from './blocks.ts'
import { SERVING_BOUND, useExchange } from './exchange-extension.ts'
import { createPeerWire } from './peer-wire.ts'

/** A socket whose peer takes nothing until the test says so; what was written waits. */
function stalled() {
  const taking = Promise.withResolvers<void>()
  const socket = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => void taking.promise.then(() => done()),
  })
  return { socket, take: taking.resolve }
}

const HANDSHAKE = Buffer.concat([Buffer.from('\u0013BitTorrent protocol'), Buffer.alloc(48)])

function message(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(body.length + 1)
  head[4] = id
  return Buffer.concat([head, body])
}

/** `count` requests for blocks of the pieces from 0 on. */
function requests(count: number): Buffer {
  const all = Array.from({ length: count }, (_, piece) => {
    const body = Buffer.alloc(12)
    body.writeUInt32BE(piece)
    body.writeUInt32BE(BLOCK_BYTES, 8)
    return message(6, body)
  })
  return Buffer.concat(all)
}

/** A peer that gets whatever block it asks for at once. */
function generous(socket: Duplex): ReturnType<typeof createPeerWire> {
  const peer = createPeerWire(socket)
  peer.wire.unchoke()
  const answer: Parameters<Wire['on']>[1] = (
    _piece,
    _offset,
    length: number,
    respond: (e: null, b: Uint8Array) => void,
  ) => respond(null, new Uint8Array(length))
  peer.wire.on('request', answer)
  return peer
}

describe('a BitTorrent connection', () => {
  it('reads no more from a peer that does not take its answers, until it does', async () => {
    const { socket, take } = stalled()
    generous(socket)
    socket.push(Buffer.concat([HANDSHAKE, requests(20)]))
    await once(socket, 'pause')
    assert.ok(socket.writableNeedDrain)
    const resumed = once(socket, 'resume')
    take()
    await resumed
    assert.equal(socket.writableLength, 0)
    socket.destroy()
  })

  it('ends where more waits to leave than a peer may ask for', async () => {
    const { socket } = stalled()
    const peer = generous(socket)
    socket.push(Buffer.concat([HANDSHAKE, requests(1100)]))
    assert.ok(isSluiceError(await peer.closed, 'PROTOCOL_VIOLATION'))
  })

  it('ends where a peer takes nothing of what it was sent, and not where it takes it in time', async (t: TestContext) => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const [slow, silent] = [stalled(), stalled()]
    const peers = [slow, silent].map(({ socket }) => generous(socket))
    const sent = peers[0]?.batch(() =>
      peers[0]?.wire.piece(0, 0, new Uint8Array(2 * slow.socket.writableHighWaterMark)),
    )
    silent.socket.push(Buffer.concat([HANDSHAKE, requests(20)]))
    await once(silent.socket, 'pause')
    t.mock.timers.tick(59_999)
    slow.take()
    await sent
    t.mock.timers.tick(1)
    assert.ok(isSluiceError(await peers[1]?.closed, 'TIMEOUT'))
    assert.equal(slow.socket.destroyed, false)
    slow.socket.destroy()
  })

  it('gives the parser whole messages alone, however they are cut', async (t: TestContext) => {
    const { socket } = stalled()
    const peer = createPeerWire(socket)
    const { queue } = useExchange(peer, () => undefined)
    const frames = [new Uint8Array(50_000).fill(7), new Uint8Array(3).fill(8), new Uint8Array(200).fill(9)]
    const sent = frames.map((frame) => message(20, Buffer.concat([Buffer.from([1]), frame])))
    const bytes = Buffer.concat([HANDSHAKE, ...sent])
    const parse = t.mock.method(peer.wire as unknown as { _write: () => void }, '_write')
    const received: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += 1) socket.push(bytes.subarray(at, at + 1))
    for await (const frame of queue.frames) if (received.push(frame) === frames.length) break
    assert.deepEqual(received, frames)
    // The handshake has two parts, and so does each message.
    assert.equal(parse.mock.callCount(), 2 + 2 * frames.length)
    socket.destroy()
  })

  it('ends with a frame of no bytes', async () => {
    const { socket } = stalled()
    const peer = createPeerWire(socket)
    useExchange(peer, () => undefined)
    socket.push(Buffer.concat([HANDSHAKE, message(20, Buffer.from([1]))]))
    assert.ok(isSluiceError(await peer.closed, 'FRAME_INVALID'))
  })

  it('ends with more small frames than a seeder keeps', async () => {
    const { socket } = stalled()
    const peer = createPeerWire(socket)
    const { queue } = useExchange(peer, () => undefined, SERVING_BOUND)
    const most = Math.floor(SERVING_BOUND / 257)
    const frame = message(20, Buffer.from([1, 0]))
    socket.push(Buffer.concat([HANDSHAKE, ...Array.from({ length: most }, () => frame)]))
    await once(socket, 'data')
    assert.equal(queue.pendingBytes, most * 257)
    assert.equal(socket.destroyed, false)
    socket.push(frame)
    await peer.closed
    assert.equal(queue.pendingBytes, most * 257)
  })

  it('is broken where the peer does not close its end in time', async (t: TestContext) => {
    const listener = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const accepted = once(listener, 'connection') as Promise<[Socket]>
    const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1')
    const [far] = await accepted
    far.resume()
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const peer = createPeerWire(socket)
    peer.close()
    await once(far, 'end')
    assert.equal(socket.destroyed, false)
    t.mock.timers.tick(5000)
    await peer.closed
    far.destroy()
    listener.close()
  })
})
