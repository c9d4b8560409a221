import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { cidOfBlockHash } from '@sluice/sdk/content'
import type { Hex } from 'viem'
import { hashFile, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'

type Published = { cid: string; contentId: null; metaHash: Hex; slices: number; bytes: number }
type Got = { sha256: string; bytes: number; slices: number; paid: string; sources: { peerId: string }[] }

const FILE_BYTES = 10_000_000
const OPEN_SLICE_BYTES = 262_144

describe('open content, without a wallet and without a chain', { timeout: 120_000 }, () => {
  let harness: Harness
  let published: Published
  let sha256: string

  before(async () => {
    harness = await startHarness()
    sha256 = await writeRandomFile(harness.file('open.bin'), FILE_BYTES)
    published = await harness.json(['publish', 'open.bin', '--open'], { node: 'creator' })
  })
  after(() => harness.stop())

  /** Gets a reference on another node and checks that it is the very file, for nothing. */
  async function getOn(node: 'seeder-1' | 'seeder-2' | 'consumer', reference: string): Promise<Got> {
    const got = await harness.json<Got>(['get', reference, '-o', `${node}.bin`], { node })
    assert.equal(got.sha256, sha256)
    assert.equal(await hashFile(harness.file(`${node}.bin`)), sha256)
    assert.equal(got.bytes, FILE_BYTES)
    assert.equal(got.paid, '0')
    return got
  }

  it('publishes a file under the CID of its bytes, with no content id', () => {
    assert.equal(published.contentId, null)
    assert.equal(published.bytes, FILE_BYTES)
    assert.equal(published.slices, Math.ceil(FILE_BYTES / OPEN_SLICE_BYTES))
  })

  it('gets it by its CID on another node', async () => {
    const got = await getOn('consumer', published.cid)
    assert.deepEqual(
      got.sources.map(({ peerId }) => peerId),
      [harness.network.node('creator').node.peerId],
    )
  })

  it('gets it by a magnet link that names the CID', async () => {
    await getOn('seeder-1', `magnet:?xt=urn:btih:${'0'.repeat(40)}&dn=${published.cid}`)
  })

  it('gets it by the CID of its manifest', async () => {
    await getOn('seeder-2', cidOfBlockHash(published.metaHash).toString())
  })

  it('gives the same file the same CID, whoever publishes it', async () => {
    const again = await harness.json<Published>(['publish', 'open.bin', '--open'], { node: 'consumer' })
    assert.equal(again.cid, published.cid)
  })

  it('says that nobody provides an unknown CID', async () => {
    const unknown = cidOfBlockHash(`0x${'ab'.repeat(32)}`).toString()
    const refusal = await harness.refusal(['get', unknown, '-o', 'unknown.bin'], { node: 'consumer' })
    assert.equal(refusal.code, 'NO_PROVIDERS')
    assert.equal(refusal.exit, 1)
  })
})
