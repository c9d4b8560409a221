import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { duplexPair } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { LEAF_BYTES } from '@sluice/sdk/content'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { decodeFrame, encodeFrame, encodeSlice } from '@sluice/sdk/wire'
import type { Frame } from '@sluice/sdk/wire'
import { termsAt } from '../testing/torrents.ts'
import { useExchange } from './exchange-extension.ts'
import { fetcherChannel } from './fetcher-channel.ts'
import { createPeerWire } from './peer-wire.ts'
import { seederChannel } from './seeder-channel.ts'

const INFO_HASH = 'ab'.repeat(20)
const LAYOUT = { sliceCount: 100, byteLength: 100 * LEAF_BYTES }
const DATA = new Uint8Array(randomBytes(LEAF_BYTES))

const want = (index: number): Frame => {
  return { type: 'want', termsId: 1, ranges: [{ first: index, last: index }], priority: 0 }
}
const cancel = (index: number): Frame => ({ type: 'cancel', ranges: [{ first: index, last: index }] })

/** One end of a connection; the test plays its machine. */
type End = { tell(frame: Frame): Promise<void>; hear(): Promise<Frame> }

function endOf(channel: FrameChannel): End {
  const frames = channel.frames[Symbol.asyncIterator]()
  return {
    tell: (frame) => (frame.type === 'slice' ? channel.send(...encodeSlice(frame)) : channel.send(encodeFrame(frame))),
    hear: async () => {
      const { value, done } = await frames.next()
      assert.ok(done !== true, 'the channel ended')
      return decodeFrame(value)
    },
  }
}

describe('the fetcher’s end of a BitTorrent connection', () => {
  let fetcher: End
  let seeder: End
  let close: () => void

  beforeEach(async () => {
    const [near, far] = duplexPair()
    const [client, server] = [createPeerWire(near), createPeerWire(far)]
    const [asked, served] = [useExchange(client, () => undefined), useExchange(server, () => undefined)]
    fetcher = endOf(fetcherChannel(client, asked, LAYOUT))
    seeder = endOf(seederChannel(server, served, LAYOUT))
    const greeted = Promise.all([once(client.wire, 'extended'), once(server.wire, 'extended')])
    client.wire.handshake(INFO_HASH, '01'.repeat(20), { fast: true })
    server.wire.handshake(INFO_HASH, '02'.repeat(20), { fast: true })
    await greeted
    await seeder.tell(termsAt(1n, LAYOUT))
    assert.equal((await fetcher.hear()).type, 'terms')
    close = () => {
      client.abort()
      server.abort()
    }
  })
  afterEach(() => close())

  /** Has a slice wanted and taken back, with both on their way. */
  async function changeMind(index: number): Promise<void> {
    await fetcher.tell(want(index))
    assert.deepEqual(await seeder.hear(), want(index))
    await fetcher.tell(cancel(index))
    assert.deepEqual(await seeder.hear(), cancel(index))
  }

  it('hands over a slice whose price was owed before the cancel came, so that it is paid', async () => {
    await changeMind(3)
    await seeder.tell({ type: 'slice', index: 3, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 3, data: DATA })
  })

  it('has one slice for one price where it is wanted again meanwhile', async () => {
    await changeMind(3)
    const sent = seeder.tell({ type: 'slice', index: 3, data: DATA })
    await fetcher.tell(want(3))
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 3, data: DATA })
    await sent
    await fetcher.tell(want(4))
    assert.deepEqual(await seeder.hear(), want(4), 'nothing else is owed')
    await seeder.tell({ type: 'slice', index: 4, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 4, data: DATA })
  })

  it('asks anew for a slice whose cancel came in time', async () => {
    await changeMind(3)
    await fetcher.tell(want(3))
    assert.deepEqual(await seeder.hear(), want(3))
    await seeder.tell({ type: 'slice', index: 3, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 3, data: DATA })
  })

  it('hands over as free what the seeder gives away, and nothing else', async () => {
    await fetcher.tell(want(3))
    assert.deepEqual(await seeder.hear(), want(3))
    await seeder.tell({ type: 'slice', index: 3, data: DATA, free: true })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 3, data: DATA, free: true })
    await fetcher.tell(want(4))
    await seeder.hear()
    await seeder.tell({ type: 'slice', index: 4, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 4, data: DATA })
  })

  it('hands over as free what it took back and wants again, where that is from what was given away', async () => {
    await changeMind(3)
    const sent = seeder.tell({ type: 'slice', index: 3, data: DATA, free: true })
    await sent
    await fetcher.tell(want(3))
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 3, data: DATA, free: true })
    await changeMind(4)
    await fetcher.tell(want(4))
    await seeder.hear()
    await seeder.tell({ type: 'slice', index: 4, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 4, data: DATA })
  })

  it('waits for no more than 64 slices that it took back', async () => {
    for (let index = 0; index < 65; index += 1) await changeMind(index)
    await seeder.tell({ type: 'slice', index: 0, data: DATA })
    await seeder.tell({ type: 'slice', index: 1, data: DATA })
    assert.deepEqual(await fetcher.hear(), { type: 'slice', index: 1, data: DATA })
  })
})
