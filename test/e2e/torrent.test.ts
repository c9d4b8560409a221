import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { parseMagnet } from '@sluice/sdk/content'
import WebTorrent from 'webtorrent'
import { alterSlices, hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

const FILE_BYTES = 5 * 1024 * 1024
const LEAF_BYTES = 262_144
const SEEDERS = ['creator', 'seeder-1', 'seeder-2'] as const
const CONSUMER = { node: 'consumer', wallet: 'consumer' } as const

/** A client of this machine only, that says what it means in the clear: nodes speak no protocol encryption. */
const PLAIN = { secure: 0, dht: false, lsd: false, utPex: false, utp: false, natUpnp: false, natPmp: false }

type Published = { contentId: `0x${string}`; slices: number; root: string }
type Source = { peerId: string; slices: number; paid: string; via: string }
type Got = { sha256: string; slices: number; paid: string; sources: Source[] }

describe('the torrents’ swarm', { timeout: 120_000 }, () => {
  let harness: Harness
  let published: Published
  let sha256: string
  let magnet: string

  before(async () => {
    harness = await startHarness()
    sha256 = await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    published = await harness.json<Published>(['publish', 'work.bin'], { node: 'creator', wallet: 'creator' })
    for (const node of ['seeder-1', 'seeder-2'] as const) await harness.seed(node, published.contentId)
    magnet = (await contentOf('creator')).torrent?.magnet ?? ''
  })
  after(() => harness.stop())

  async function contentOf(name: (typeof SEEDERS)[number] | 'consumer') {
    const content = (await harness.api(name).contents()).find(({ contentId }) => contentId === published.contentId)
    assert.ok(content, `${name} does not hold it`)
    return content
  }

  /** Slices sold by everybody, as their ledgers have it, and what was accepted for them. */
  async function sold(): Promise<{ slices: number; earned: bigint }> {
    let [slices, earned] = [0, 0n]
    for (const name of SEEDERS) {
      const { contents } = await harness.api(name).earnings()
      for (const content of contents) {
        slices += content.slices
        earned += BigInt(content.earned)
      }
    }
    return { slices, earned }
  }

  async function served(): Promise<number> {
    const counts = await Promise.all(SEEDERS.map((name) => harness.served(name)))
    return counts.reduce((sum, count) => sum + count, 0)
  }

  it('announces every content by the same torrent, whoever holds it', async () => {
    for (const name of SEEDERS) {
      const { torrent, root } = await contentOf(name)
      const { infoHash, name: torrentName, content } = parseMagnet(torrent?.magnet ?? '') ?? {}
      assert.deepEqual([infoHash, torrentName], [parseMagnet(magnet)?.infoHash, root])
      assert.equal(torrent?.infoHash, infoHash)
      assert.equal(content, published.contentId)
    }
  })

  it('refuses a wallet without a key', async () => {
    const refusal = await harness.refusal(['get', magnet, '-o', 'stolen.bin'], CONSUMER)
    assert.equal(refusal.code, 'NOT_ENTITLED')
  })

  it('gives a plain WebTorrent client the torrent’s description and not one block', async () => {
    const before = await served()
    const client = new WebTorrent(PLAIN)
    try {
      const torrent = client.add(magnet, { path: harness.file('plain'), destroyStoreOnDestroy: true })
      const refusals: Promise<string>[] = []
      torrent.on('wire', (wire) => refusals.push(refusalOf(wire)))
      if (torrent.pieces.length === 0) await once(torrent, 'metadata')
      assert.equal(torrent.name, published.root)
      assert.equal(torrent.pieceLength, LEAF_BYTES)
      assert.equal(torrent.pieces.length, published.slices)
      if (refusals.length === 0) await once(torrent, 'wire')
      assert.match(await Promise.race(refusals), /rejected/)
      assert.deepEqual([torrent.downloaded, torrent.progress], [0, 0])
    } finally {
      await new Promise((resolve) => client.destroy(() => resolve(undefined)))
    }
    assert.equal(await served(), before)
  })

  it('sells every slice over a magnet link, and the ledgers say so to the wei', async () => {
    await harness.json(['buy', published.contentId], CONSUMER)
    const before = await sold()
    const got = await harness.json<Got>(['get', magnet, '-o', 'copy.bin'], CONSUMER)
    assert.equal(await hashFile(harness.file('copy.bin')), sha256)
    assert.equal(got.sha256, sha256)
    assert.ok(got.sources.length > 0)
    assert.ok(
      got.sources.every(({ via }) => via === 'torrent'),
      JSON.stringify(got.sources),
    )
    // Of the last slices one may come twice: what is taken back too late is owed, so it comes and is paid.
    const delivered = got.sources.reduce((sum, { slices }) => sum + slices, 0)
    assert.equal(got.slices, published.slices)
    assert.ok(delivered >= published.slices, `${delivered} came`)
    const { price } = await harness.api('creator').status()
    assert.equal(BigInt(got.paid), BigInt(delivered) * BigInt(price.amount))
    const after = await sold()
    assert.equal(after.slices - before.slices, delivered)
    assert.equal(after.earned - before.earned, BigInt(got.paid))
  })

  it('passes over a seeder whose bytes are others, pays nothing for them, and finishes', async () => {
    await forgetCopy()
    const { root } = await contentOf('seeder-2')
    await alterSlices(harness, 'seeder-2', root, [...Array(published.slices).keys()])
    const got = await harness.json<Got>(['get', published.contentId, '--via', 'torrent', '-o', 'again.bin'], CONSUMER)
    assert.equal(got.sha256, sha256)
    const { peerId } = harness.network.node('seeder-2').node
    assert.ok(got.sources.every((source) => source.via === 'torrent' && source.peerId !== peerId))
  })

  it('falls back to the nodes that hold it where nobody of the swarm can be met', async () => {
    const { cid } = await harness.json<{ cid: string }>(['publish', '--open', 'work.bin'], { node: 'creator' })
    const elsewhere = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&x.pe=127.0.0.1:1&dn=${cid}`
    const got = await harness.json<Got>(['get', elsewhere, '-o', 'open.bin'], { node: 'consumer' })
    assert.equal(got.sha256, sha256)
    assert.ok(got.sources.length > 0 && got.sources.every(({ via }) => via === 'ws'))
  })

  it('knows two ways and no third', async () => {
    const refusal = await harness.run(['get', published.contentId, '--via', 'pigeon', '-o', 'x.bin'], CONSUMER)
    assert.equal(refusal.code, 2)
    assert.match(refusal.stderr, /libp2p, torrent/)
  })

  async function forgetCopy(): Promise<void> {
    await harness.api('consumer').removeContent((await contentOf('consumer')).root)
    await rm(harness.file('copy.bin'), { force: true })
  }
})

/** What a seeder says to a client that asks for a block although it is choked. */
async function refusalOf(wire: WebTorrent.Wire): Promise<string> {
  if (!wire.peerPieces.get(0)) await once(wire, 'bitfield')
  Object.assign(wire, { peerChoking: false })
  return new Promise((resolve) => wire.request(0, 0, 16_384, (error) => resolve(error?.message ?? 'a block came')))
}
