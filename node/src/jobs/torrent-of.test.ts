import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { ResolvedContent } from '@sluice/sdk/client'
import { decodeManifest, formatMagnet, parseCid } from '@sluice/sdk/content'
import { isSluiceError } from '@sluice/sdk'
import { sampleContent } from '../testing/sample-content.ts'
import type { Swarm, Torrents } from '../torrent/index.ts'
import { torrentOf } from './torrent-of.ts'

const { root, manifest: bytes, manifestCid } = await sampleContent(300_000)
const manifest = decodeManifest(bytes)
const bare: ResolvedContent = {
  root: parseCid(root),
  access: 'open',
  sliceCount: 2,
  leafBytes: 300_000,
  byteSize: 300_000,
}
const content: ResolvedContent = { ...bare, manifest, manifestCid: parseCid(manifestCid) }
const foreign = { infoHash: `0x${'ab'.repeat(20)}`, trackers: ['http://a/announce'], peers: ['1.2.3.4:5'] } as const
const magnet = formatMagnet(foreign)

/** Swarms that remember which one was asked for. */
function createSwarms() {
  const asked: Swarm[] = []
  const torrents: Torrents = {
    address: '127.0.0.1:1',
    trackers: [],
    describe: () => undefined,
    swarm: (swarm) => {
      asked.push(swarm)
      return { async *findProviders() {}, connect: () => Promise.reject(new Error('nobody')), nameOf: () => '' }
    },
    stop: () => Promise.resolve(),
  }
  return { asked, torrents }
}

describe('where a download looks first', () => {
  it('is the swarm for a magnet link, or when it is asked for', () => {
    const { asked, torrents } = createSwarms()
    assert.ok(torrentOf({ torrents }, { content: magnet }, content))
    assert.ok(torrentOf({ torrents }, { content: root, via: 'torrent' }, content))
    const [byMagnet, byName] = asked
    // The manifest knows better than the link which torrent it is.
    assert.equal(byMagnet?.infoHash, manifest.infoHash.slice(2))
    assert.deepEqual([byMagnet.trackers, byMagnet.peers], [foreign.trackers, foreign.peers])
    assert.deepEqual(byMagnet.layout, { sliceCount: 2, byteLength: 300_000 })
    assert.deepEqual([byName?.infoHash, byName?.peers], [byMagnet.infoHash, []])
  })

  it('is libp2p otherwise, and for a magnet link where the node is in no swarm', () => {
    const { asked, torrents } = createSwarms()
    assert.equal(torrentOf({ torrents }, { content: root }, content), undefined)
    assert.equal(torrentOf({ torrents }, { content: magnet, via: 'libp2p' }, content), undefined)
    assert.equal(torrentOf({}, { content: magnet }, content), undefined)
    assert.deepEqual(asked, [])
  })

  it('is by the link alone for a bare root, whose swarm nobody else names', () => {
    const { asked, torrents } = createSwarms()
    assert.ok(torrentOf({ torrents }, { content: magnet }, bare))
    assert.equal(asked[0]?.infoHash, 'ab'.repeat(20))
    for (const ask of [
      () => torrentOf({ torrents }, { content: root, via: 'torrent' }, bare),
      () => torrentOf({}, { content: root, via: 'torrent' }, content),
    ])
      assert.throws(ask, (error) => isSluiceError(error, 'BAD_INPUT'))
  })
})
