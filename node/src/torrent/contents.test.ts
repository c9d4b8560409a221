import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { describeManifest } from '../store/index.ts'
import { createCleanup, quiet, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import { createTorrentContents } from './contents.ts'

describe('the contents by their torrents', () => {
  const cleanup = createCleanup()
  after(() => cleanup.run())

  it('have one whose manifest comes after it, as where room is made first', async () => {
    const sample = await sampleContent(1000, 'sealed')
    const store = await startStore(cleanup)
    const contents = await createTorrentContents(store, quiet)
    cleanup.add(() => contents.stop())
    const added = Promise.withResolvers<string>()
    contents.onAdded(added.resolve)
    const manifest = decodeManifest(sample.manifest)
    await store.create(describeManifest(manifest, parseCid(sample.manifestCid)))
    await store.blocks.put(sample.manifestCid, sample.manifest)
    assert.equal(await added.promise, manifest.infoHash.slice(2))
    assert.equal(contents.find(await added.promise)?.root, sample.root)
  })
})
