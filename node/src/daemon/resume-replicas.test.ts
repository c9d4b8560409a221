import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, describe, it } from 'node:test'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { startDaemon } from '../daemon.ts'
import { createJobs } from '../jobs/index.ts'
import { describeManifest, openStore } from '../store/index.ts'
import type { Store } from '../store/index.ts'
import { startTestChain } from '../testing/chain.ts'
import { startTestNode, testConfig } from '../testing/node.ts'
import { createCleanup, quiet, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { resumeReplicas } from './resume-replicas.ts'

const SAMPLE_BYTES = 1_000_000
const HOUR_MS = 3_600_000
const cleanup = createCleanup()
afterEach(() => cleanup.run())

/** A part of a replica as an earlier run left it. */
async function leavePart(store: Store, sample: Sample): Promise<void> {
  const { root, manifest, manifestCid, slices } = sample
  await store.create({ ...describeManifest(decodeManifest(manifest), parseCid(manifestCid)), offered: true })
  await store.blocks.put(manifestCid, manifest, { root })
  await store.writeSlice(root, 0, slices[0] ?? assert.fail())
}

/** Resolves once `holds` does, which is asked on every turn; fails after twenty seconds. */
async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it never happened')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a part of a replica that an earlier run left', () => {
  it('is completed once somebody who holds it is there', { timeout: 60_000 }, async () => {
    const chain = await startTestChain(cleanup)
    const sample = await sampleContent(SAMPLE_BYTES)
    const { daemon: holder } = await startTestNode(cleanup, chain)
    const id = await holder.store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
    await Promise.all(sample.slices.map((slice, index) => holder.store.uploads.writeSlice(id, index, slice)))
    await holder.store.blocks.put(sample.manifestCid, sample.manifest)
    await holder.store.uploads.commit(id, sample.manifestCid)

    const bootstrap = holder.multiaddrs.filter((address) => !address.includes('/http'))
    const config = await testConfig(cleanup, chain, {
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], private_network: true, bootstrap },
      replication: { accept: 'any' },
    })
    const before = await openStore({ directory: config.dataDir, ...config.storage })
    await leavePart(before, sample)
    await before.close()
    const daemon = await startDaemon(config, { log: quiet, createJobs })
    cleanup.add(() => daemon.stop())
    await eventually(() => daemon.store.get(sample.root)?.have === sample.slices.length)
    assert.deepEqual(await daemon.store.readSlice(sample.root, 2), sample.slices[2])
  })

  /** What is done with a part where it cannot be completed, at a time that the test tells. */
  async function startAlone(accept: 'any' | 'none') {
    const sample = await sampleContent(SAMPLE_BYTES)
    const store = await startStore(cleanup)
    await leavePart(store, sample)
    const tries = new EventTarget()
    const peers = new Set<() => void>()
    const done = Promise.withResolvers<undefined>()
    const host = {
      addEventListener: (_type: string, listener: () => void) => void peers.add(listener),
      removeEventListener: () => done.resolve(undefined),
    }
    let now = 0
    const stop = resumeReplicas(
      { config: { replication: { accept } }, store, host, log: quiet },
      {
        get: () => undefined,
        resumeReplica: () => {
          tries.dispatchEvent(new Event('try'))
          return Promise.reject(new Error('nobody has it'))
        },
      },
      () => now,
    )
    cleanup.add(stop)
    const meetPeer = (): void => peers.forEach((listener) => listener())
    return { sample, store, tries, meetPeer, done: done.promise, setNow: (at: number) => (now = at) }
  }

  it('goes, with its blocks, where no offers are taken any more', async () => {
    const { sample, store } = await startAlone('none')
    await eventually(() => store.get(sample.root) === undefined)
    assert.equal(await store.blocks.get(sample.manifestCid), undefined)
  })

  it('stays for an hour though it cannot be completed, is tried again when a peer comes, and then goes', async () => {
    const { sample, store, tries, meetPeer, setNow } = await startAlone('any')
    await once(tries, 'try')
    const again = once(tries, 'try')
    meetPeer()
    await again
    assert.equal(store.get(sample.root)?.have, 1)
    setNow(HOUR_MS)
    meetPeer()
    await eventually(() => store.get(sample.root) === undefined)
  })

  it('stays where its owner has asked for it meanwhile', async () => {
    const { sample, store, tries, meetPeer, done, setNow } = await startAlone('any')
    await once(tries, 'try')
    store.setPinned(sample.root, true)
    setNow(HOUR_MS)
    meetPeer()
    await done
    assert.equal(store.get(sample.root)?.have, 1)
  })
})
