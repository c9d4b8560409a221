import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { joinSwarm, readPlaintext, resolveContent } from '@sluice/sdk/client'
import type { Network, Reader, ResolvedContent } from '@sluice/sdk/client'
import { createSliceKeys, LEAF_BYTES, SLICE_BYTES } from '@sluice/sdk/content'
import type { Hex } from 'viem'
import { startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'
import { readerThrough } from './visitor.ts'

type Got = { slices: number; paid: string; sources: { peerId: string }[] }

const SLICES = 11
const FILE_BYTES = SLICES * SLICE_BYTES - 100
const PREVIEW_PERCENT = 30
/** 30 per cent of eleven slices. */
const PREVIEW_SLICES = 3
const SEALED_BYTES = FILE_BYTES + 16 * SLICES

describe('a preview', { timeout: 120_000 }, () => {
  let harness: Harness
  let reader: Reader
  let content: ResolvedContent
  let file: Buffer

  before(async () => {
    harness = await startHarness()
    await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    file = await readFile(harness.file('work.bin'))
    const publish = ['publish', 'work.bin', '--preview', String(PREVIEW_PERCENT)]
    const { contentId } = await harness.json<{ contentId: Hex }>(publish, { node: 'creator', wallet: 'creator' })
    await harness.seed('seeder-1', contentId)
    reader = readerThrough(harness, 'consumer')
    const { signal } = new AbortController()
    content = await resolveContent(reader, { kind: 'content', contentId }, { signal })
  })
  after(() => harness.stop())

  /** Reads the whole preview as a page would, over a network that may lack or delay one of its ways. */
  async function readPreview(change: Partial<Network> = {}): Promise<Buffer> {
    const network = { ...reader.network, ...change }
    const { signal } = new AbortController()
    const swarm = joinSwarm({ ...reader, network }, content, { mode: 'stream', signal, remaining: PREVIEW_SLICES })
    const preview = content.manifest?.preview
    assert.ok(preview)
    const source = { content, keys: createSliceKeys(preview), slice: (index: number) => swarm.fetchSlice(index) }
    try {
      const range = { first: 0, last: PREVIEW_SLICES * SLICE_BYTES - 1, signal }
      const chunks: Uint8Array[] = []
      for await (const chunk of readPlaintext(source, range)) chunks.push(chunk)
      return Buffer.concat(chunks)
    } finally {
      await swarm.close()
    }
  }
  const expected = () => file.subarray(0, PREVIEW_SLICES * SLICE_BYTES)
  const url = (name: 'creator' | 'seeder-1') => `${harness.network.node(name).node.publicUrl}/slices/${content.root}`

  it('comes over HTTP where no WebSocket connects', async () => {
    assert.deepEqual(await readPreview({ connect: () => Promise.reject(new Error('no WebSocket here')) }), expected())
  })

  it('comes by the exchange where HTTP does not answer, and does not go on asking', async () => {
    const given: AbortSignal[] = []
    const requestContent: NonNullable<Network['requestContent']> = (_provider, _root, { signal }) => {
      given.push(signal)
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('given up'))))
    }
    assert.deepEqual(await readPreview({ requestContent }), expected())
    assert.ok(given.length > 0 && given.some(({ aborted }) => aborted))
  })

  it('is all that anyone gets, over HTTP', async () => {
    for (const name of ['creator', 'seeder-1'] as const) {
      const part = await fetch(url(name), { headers: { range: 'bytes=0-' } })
      assert.equal(part.status, 206)
      const last = PREVIEW_SLICES * LEAF_BYTES - 1
      assert.equal(part.headers.get('content-range'), `bytes 0-${last}/${SEALED_BYTES}`)
      assert.equal((await part.arrayBuffer()).byteLength, last + 1)
      assert.equal((await fetch(url(name), { headers: { range: `bytes=${last + 1}-` } })).status, 403)
      assert.equal((await fetch(url(name))).status, 403)
      const head = await fetch(url(name), { method: 'HEAD' })
      assert.deepEqual([head.status, head.headers.get('sluice-slices')], [200, `0-${PREVIEW_SLICES - 1}`])
    }
  })

  it('is all that anyone gets, by the exchange', async () => {
    const { signal } = new AbortController()
    const { requestContent: _http, ...network } = reader.network
    const swarm = joinSwarm({ ...reader, network }, content, { mode: 'stream', signal })
    await assert.rejects(swarm.fetchSlice(PREVIEW_SLICES), { code: 'SLICE_MISSING' })
    await swarm.close()
  })

  it('is counted as served, and earns nothing', async () => {
    assert.ok((await harness.served('creator')) + (await harness.served('seeder-1')) >= PREVIEW_SLICES)
    assert.equal((await harness.api('seeder-1').earnings()).totals.accepted, '0')
  })

  it('costs nothing for who has bought a key and pays for the rest, and the chain agrees', async () => {
    const consumer = { node: 'consumer', wallet: 'consumer' } as const
    const contentId = content.record?.contentId ?? assert.fail()
    await harness.json(['buy', contentId], consumer)
    const got = await harness.json<Got>(['get', contentId, '-o', 'copy.bin'], consumer)
    assert.deepEqual(await readFile(harness.file('copy.bin')), file)
    assert.equal(got.slices, SLICES)
    const { price } = await harness.api('seeder-1').status()
    assert.equal(BigInt(got.paid), BigInt(SLICES - PREVIEW_SLICES) * BigInt(price.amount))
    let claimed = 0n
    for (const { peerId } of got.sources) {
      const node = harness.network.nodes.find((entry) => entry.peerId === peerId) ?? assert.fail()
      const claims = await harness.json<{ amount: string }[]>(['claim', '--force', '--close'], { node: node.name })
      claimed += claims.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
    }
    assert.equal(claimed, BigInt(got.paid))
  })

  it('cannot be more than half of a work', async () => {
    const options = { node: 'creator', wallet: 'creator' } as const
    const refusal = await harness.refusal(['publish', 'work.bin', '--preview', '51'], options)
    assert.equal(refusal.code, 'BAD_INPUT')
  })
})
