import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { createDiscovery } from '../discovery/index.ts'
import { serveRequests } from '../net/index.ts'
import { serveOffers } from '../protocols/offer/index.ts'
import { describeManifest } from '../store/index.ts'
import { createCleanup, quiet, startHost, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { keepReplicas } from './keep-replicas.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

const REPLICATION = {
  policy: 'none',
  peers: [],
  maxBytes: 2 ** 30,
  grantSeconds: 60,
  accept: 'none',
  acceptPeers: [],
  acceptBytes: 0,
  checkSeconds: 3600,
  graceSeconds: 0,
} as const

async function startPeer() {
  const [host, store] = [await startHost(cleanup), await startStore(cleanup)]
  const discovery = await createDiscovery(host, store, quiet)
  cleanup.add(() => discovery.stop())
  return { host, store, discovery }
}

type Peer = Awaited<ReturnType<typeof startPeer>>

/** A creator's node with a content of four slices of which one copy is wanted. */
async function startCreator() {
  const sample = await sampleContent(1_000_000)
  const peer = await startPeer()
  const { store } = peer
  const id = await store.uploads.create({ kind: 'open', sliceCount: sample.slices.length })
  await Promise.all(sample.slices.map((slice, index) => store.uploads.writeSlice(id, index, slice)))
  await store.blocks.put(sample.manifestCid, sample.manifest)
  await store.uploads.commit(id, sample.manifestCid)
  store.setReplicas(sample.root, 1)
  const invited = new Set<string>()
  const grants = {
    invite: (_root: string, peerId: string) => void invited.add(peerId),
    withdraw: (_root: string, peerId: string) => void invited.delete(peerId),
  }
  const replication = keepReplicas({ ...peer, grants, log: quiet, config: { replication: REPLICATION } })
  cleanup.add(() => replication.stop())
  return { ...peer, sample, replication, invited }
}

/** Resolves with the first offer that a peer gets, which it takes or not. */
async function offered({ host }: Peer, isTaken: boolean): Promise<string> {
  const offer = Promise.withResolvers<string>()
  await serveOffers(host, quiet, (reference) => {
    offer.resolve(reference)
    return Promise.resolve(isTaken)
  })
  return offer.promise
}

async function hold({ store }: Peer, sample: Sample, slices: number): Promise<void> {
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  for (const [index, slice] of sample.slices.slice(0, slices).entries()) {
    await store.writeSlice(sample.root, index, slice)
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it never happened')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('replicas', () => {
  it('are not counted where only the root’s block is, which is offered the content', async () => {
    const { host, sample, replication } = await startCreator()
    const peer = await startPeer()
    const { cid, bytes } = sample.nodes.at(-1) ?? assert.fail()
    assert.equal(cid.toString(), sample.root)
    await peer.store.blocks.put(sample.root, bytes)
    const offer = offered(peer, false)
    await peer.host.dial(host.getMultiaddrs())
    assert.equal(await offer, sample.manifestCid)
    assert.equal(replication.found(sample.root), 0)
  })

  it('are not counted where a slice is missing, and are as soon as it is there', async () => {
    const { host, sample, replication } = await startCreator()
    const peer = await startPeer()
    await hold(peer, sample, sample.slices.length - 1)
    const offer = offered(peer, true)
    await peer.host.dial(host.getMultiaddrs())
    await offer
    assert.equal(replication.found(sample.root), 0)
    const last = sample.slices.length - 1
    await peer.store.writeSlice(sample.root, last, sample.slices[last] ?? assert.fail())
    await eventually(() => replication.found(sample.root) === 1)
  })

  it('are counted where all of it is', async () => {
    const { host, sample, replication } = await startCreator()
    const peer = await startPeer()
    await hold(peer, sample, sample.slices.length)
    await peer.host.dial(host.getMultiaddrs())
    await eventually(() => replication.found(sample.root) === 1)
  })

  it('are not counted where a peer says so that cannot show it; another one is asked, the liar left alone', async () => {
    const { host, sample, replication } = await startCreator()
    const [liar, other] = [await startPeer(), await startPeer()]
    const limits = { maxRequestBytes: 64, maxResponseBytes: 1 }
    await serveRequests(liar.host, { protocol: '/sluice/have/1.0.0', ...limits, log: quiet }, () =>
      Promise.resolve(Uint8Array.of(2)),
    )
    await liar.host.dial(host.getMultiaddrs())
    const offer = offered(other, true)
    await other.host.dial(host.getMultiaddrs())
    assert.equal(await offer, sample.manifestCid)
    assert.equal(replication.found(sample.root), 0)
  })

  it('are offered to another peer where one that took them does not fetch them; its invitation ends', async () => {
    const { host, sample, invited } = await startCreator()
    const [idle, other] = [await startPeer(), await startPeer()]
    const idleOffer = offered(idle, true)
    await idle.host.dial(host.getMultiaddrs())
    await idleOffer
    const offer = offered(other, true)
    await other.host.dial(host.getMultiaddrs())
    assert.equal(await offer, sample.manifestCid)
    assert.deepEqual([...invited], [other.host.peerId.toString()])
  })
})
