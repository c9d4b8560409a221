import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, it } from 'node:test'
import { cidOfBlockHash, decodeManifest, parseCid } from '@sluice/sdk/content'
import { encodeComment } from '@sluice/sdk/social'
import { zeroAddress, zeroHash } from 'viem'
import { describeManifest, openStore } from '../store/index.ts'
import { createCleanup, quiet } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { PoolEntry } from './entries.ts'
import { keepComment } from './keep-comment.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

const MIB = 1024 * 1024
const { bytes: comment, digest: commentHash } = await encodeComment('Enjoy.')

async function openTest(quotaBytes: number) {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-comment-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  const store = await openStore({ directory, quotaBytes, reserveBytes: 0 })
  cleanup.add(() => store.close())
  const sample = await sampleContent(MIB)
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  return store
}

function entry(change: Partial<PoolEntry> = {}): PoolEntry {
  const action = {
    ...{ wallet: zeroAddress, session: { qx: zeroHash, qy: zeroHash }, kind: 4, subject: zeroHash, parent: zeroHash },
    ...{ value: commentHash, nonce: 1n, issuedAt: 0n, deadline: 1n },
  }
  const post = { action, signature: { r: zeroHash, s: zeroHash }, comment }
  return { id: zeroHash, post, since: 0, state: 'settled', ...change }
}

describe('a comment that is on chain', () => {
  const cid = cidOfBlockHash(entry().post.action.value).toString()

  it('is kept where it was posted or submitted, and nowhere else', async () => {
    const store = await openTest(2 * MIB)
    await keepComment(entry(), { store, submit: false, log: quiet })
    assert.equal(await store.blocks.get(cid), undefined)
    await keepComment(entry({ prefix: '192.0.2.0/24' }), { store, submit: false, log: quiet })
    assert.deepEqual(await store.blocks.get(cid), entry().post.comment)
  })

  it('takes no content’s place where there is no room', async () => {
    const store = await openTest(MIB)
    await keepComment(entry(), { store, submit: true, log: quiet })
    assert.equal(store.list().length, 1)
    assert.equal(await store.blocks.get(cid), undefined)
  })
})
