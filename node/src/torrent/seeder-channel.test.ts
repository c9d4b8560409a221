import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { on, once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { duplexPair } from 'node:stream'
import type { Duplex } from 'node:stream'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { LEAF_BYTES } from '@sluice/sdk/content'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { decodeFrame, encodeFrame, encodeSlice } from '@sluice/sdk/wire'
import type { Frame } from '@sluice/sdk/wire'
import { termsAt } from '../testing/torrents.ts'
import { blocksOf } from './blocks.ts'
import type { Block, Layout } from './blocks.ts'
import { useExchange } from './exchange-extension.ts'
import { createPeerWire } from './peer-wire.ts'
import type { PeerWire } from './peer-wire.ts'
import { seederChannel } from './seeder-channel.ts'

const INFO_HASH = 'ab'.repeat(20)
const LAYOUT: Layout = { sliceCount: 20, byteLength: 19 * LEAF_BYTES + 20_000 }

async function openSockets(listener: ReturnType<typeof createServer>): Promise<[Duplex, Duplex]> {
  const accepted = once(listener, 'connection') as Promise<[Socket]>
  const near = connect((listener.address() as AddressInfo).port, '127.0.0.1')
  return [near, (await accepted)[0]]
}

/** Both ends of a connection whose seeder has sent its terms; the test plays the exchange's machine. */
async function createPair([near, far]: [Duplex, Duplex], price = 1n) {
  const [client, server] = [createPeerWire(near), createPeerWire(far)]
  const frames = useExchange(server, () => undefined)
  useExchange(client, () => undefined)
  const channel = seederChannel(server, frames, LAYOUT)
  const [greeted, unchoked] = [once(client.wire, 'extended'), once(client.wire, 'unchoke')]
  client.wire.handshake(INFO_HASH, '01'.repeat(20), { fast: true })
  server.wire.handshake(INFO_HASH, '02'.repeat(20), { fast: true })
  await greeted
  await channel.send(encodeFrame(termsAt(price, LAYOUT)))
  await unchoked
  const release = (index: number, data: Uint8Array): Promise<void> =>
    channel.send(...encodeSlice({ type: 'slice', index, data }))
  return { client, server, channel, release, wants: wantsOf(channel) }
}

function wantsOf(channel: FrameChannel): () => Promise<Frame> {
  const frames = channel.frames[Symbol.asyncIterator]()
  return async () => {
    const { value, done } = await frames.next()
    assert.ok(done !== true, 'the channel ended')
    return decodeFrame(value)
  }
}

function request({ wire }: PeerWire, { piece, offset, length }: Block): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    wire.request(piece, offset, length, (error, block) =>
      error === null ? resolve(new Uint8Array(block)) : reject(error),
    )
  })
}

const want = (index: number): Frame => {
  return { type: 'want', termsId: 1, ranges: [{ first: index, last: index }], priority: 0 }
}

describe('the seeder’s end of a BitTorrent connection', () => {
  let client: PeerWire
  let channel: FrameChannel
  let release: Awaited<ReturnType<typeof createPair>>['release']
  let next: () => Promise<Frame>

  const listener = createServer()
  before(async () => {
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
  })
  after(() => listener.close())
  beforeEach(async () => {
    const pair = await createPair(await openSockets(listener))
    client = pair.client
    channel = pair.channel
    release = pair.release
    next = pair.wants
  })

  afterEach(() => client.abort())

  it('wants a slice once, however many blocks are asked for, and sends each where it belongs', async () => {
    const data = new Uint8Array(randomBytes(LEAF_BYTES))
    const blocks = blocksOf(3, LAYOUT)
    const answers = blocks.map((block) => request(client, block))
    const [last] = blocksOf(19, LAYOUT)
    const other = request(client, last!)
    assert.deepEqual(await next(), want(3))
    assert.deepEqual(await next(), want(19))
    await release(3, data)
    assert.deepEqual(new Uint8Array(Buffer.concat(await Promise.all(answers))), data)
    await release(19, data.subarray(0, 20_000))
    assert.deepEqual(await other, data.slice(0, 16_384))
  })

  it('sends a block twice for one price, then no more', async () => {
    const data = new Uint8Array(LEAF_BYTES).fill(7)
    const [block] = blocksOf(0, LAYOUT)
    const first = request(client, block!)
    assert.deepEqual(await next(), want(0))
    await release(0, data)
    await first
    await request(client, block!)
    await assert.rejects(request(client, block!), /rejected/)
  })

  it('sends a block of a free slice once, for more is not within what may be given away', async () => {
    const pair = await createPair(await openSockets(listener), 0n)
    const data = new Uint8Array(LEAF_BYTES).fill(7)
    const [block] = blocksOf(0, LAYOUT)
    const first = request(pair.client, block!)
    assert.deepEqual(await pair.wants(), want(0))
    await pair.release(0, data)
    await first
    await assert.rejects(request(pair.client, block!), /rejected/)
    pair.client.abort()
  })

  it('answers who asks again while a piece leaves from what was let go, and wants nothing anew', async () => {
    const [near, far] = duplexPair()
    const { client, server, release, wants } = await createPair([near, far])
    const data = new Uint8Array(LEAF_BYTES).fill(7)
    const blocks = blocksOf(0, LAYOUT)
    const asked = on(server.wire, 'request')
    const answers = blocks.map((block) => request(client, block))
    for (const _ of blocks) await asked.next()
    assert.deepEqual(await wants(), want(0))
    near.pause()
    const leaving = release(0, data)
    const again = request(client, blocks[3]!)
    await asked.next()
    near.resume()
    await Promise.all([leaving, ...answers, again])
    assert.deepEqual(await again, new Uint8Array(16_384).fill(7))
    const other = request(client, blocksOf(1, LAYOUT)[0]!)
    assert.deepEqual(await wants(), want(1))
    await release(1, data)
    await other
    client.abort()
    far.destroy()
  })

  it('wants a slice anew, for another price, once all of it was sent', async () => {
    const data = new Uint8Array(LEAF_BYTES).fill(7)
    const answers = blocksOf(0, LAYOUT).map((block) => request(client, block))
    assert.deepEqual(await next(), want(0))
    await release(0, data)
    await Promise.all(answers)
    const again = request(client, blocksOf(0, LAYOUT)[1]!)
    assert.deepEqual(await next(), want(0))
    await release(0, data)
    await again
  })

  it('takes a want back when nothing of it is asked for any more, and keeps what came all the same', async () => {
    const data = new Uint8Array(LEAF_BYTES).fill(9)
    const [first, second] = blocksOf(5, LAYOUT)
    const answers = [first, second].map((block) => request(client, block!))
    assert.deepEqual(await next(), want(5))
    const settled = Promise.allSettled(answers)
    for (const { piece, offset, length } of [first!, second!]) client.wire.cancel(piece, offset, length)
    assert.deepEqual(await next(), { type: 'cancel', ranges: [{ first: 5, last: 5 }] })
    assert.ok((await settled).every(({ status }) => status === 'rejected'))
    // It was reserved before the cancel came: its price is owed, so its blocks are there without another want.
    await release(5, data)
    assert.deepEqual(await request(client, first!), data.slice(0, 16_384))
  })

  it('holds so many pieces that are not fetched to the end, and wants the oldest anew', async () => {
    const data = new Uint8Array(LEAF_BYTES)
    for (let piece = 0; piece < 9; piece += 1) {
      const answer = request(client, blocksOf(piece, LAYOUT)[0]!)
      assert.deepEqual(await next(), want(piece))
      await release(piece, data)
      await answer
    }
    await request(client, blocksOf(8, LAYOUT)[1]!)
    const oldest = request(client, blocksOf(0, LAYOUT)[1]!)
    assert.deepEqual(await next(), want(0))
    await release(0, data)
    await oldest
  })

  it('refuses the blocks of a slice that the exchange denies', async () => {
    const answers = blocksOf(2, LAYOUT).map((block) => request(client, block))
    const settled = Promise.allSettled(answers)
    assert.deepEqual(await next(), want(2))
    await channel.send(encodeFrame({ type: 'denied', code: 'NOT_ENTITLED', message: '', index: 2 }))
    assert.ok((await settled).every(({ status }) => status === 'rejected'))
  })

  for (const [what, block] of [
    ['beyond the end', { piece: 20, offset: 0, length: 16_384 }],
    ['off the grid', { piece: 0, offset: 100, length: 16_384 }],
    ['longer than a block', { piece: 0, offset: 0, length: 32_768 }],
    ['of no bytes', { piece: 0, offset: 0, length: 0 }],
    ['longer than the last piece', { piece: 19, offset: 16_384, length: 16_384 }],
    ['behind the piece', { piece: 0, offset: LEAF_BYTES, length: 16_384 }],
  ] as const) {
    it(`hangs up on who asks for what is ${what}`, async () => {
      const answer = request(client, block)
      await assert.rejects(answer, /closed/)
      await client.closed
    })
  }

  it('hangs up on who asks for more than may be outstanding', async () => {
    const requests: Promise<Uint8Array>[] = []
    for (let round = 0; round < 4; round += 1)
      for (let piece = 0; piece < 19; piece += 1)
        requests.push(...blocksOf(piece, LAYOUT).map((block) => request(client, block)))
    assert.ok(requests.length > 1024)
    const settled = await Promise.allSettled(requests)
    assert.ok(settled.every(({ status }) => status === 'rejected'))
  })
})
