import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Provider } from '@sluice/sdk/client'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import type { Host } from '../net/host.ts'
import { describeManifest } from '../store/index.ts'
import type { Store } from '../store/index.ts'
import { createCleanup, quiet, startHost, startStore } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { Sample } from '../testing/sample-content.ts'
import { createDiscovery } from './index.ts'
import type { Discovery } from './index.ts'

const cleanup = createCleanup()
afterEach(() => cleanup.run())

async function startPeer(options: { bootstrap?: Host; httpAddress?: string } = {}) {
  const [host, store] = [await startHost(cleanup, options), await startStore(cleanup)]
  const discovery = await createDiscovery(host, store, quiet)
  cleanup.add(() => discovery.stop())
  return { host, store, discovery }
}

async function hold(store: Store, sample: Sample): Promise<void> {
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  await store.writeSlice(sample.root, 0, sample.slices[0] ?? new Uint8Array())
}

async function find(discovery: Discovery, root: string): Promise<Provider[]> {
  const providers: Provider[] = []
  const signal = AbortSignal.timeout(5000)
  for await (const provider of discovery.findProviders(parseCid(root), { signal })) providers.push(provider)
  return providers
}

describe('discovery', () => {
  it('finds a connected peer that holds the content, with its public listener', async () => {
    const sample = await sampleContent(1000)
    const seeder = await startPeer({ httpAddress: '/ip4/127.0.0.1/tcp/4321/http' })
    await hold(seeder.store, sample)
    const { host, discovery } = await startPeer()
    await host.dial(seeder.host.getMultiaddrs())
    const providers = await find(discovery, sample.root)
    assert.deepEqual(
      providers.map(({ peerId, url }) => ({ peerId, url })),
      [{ peerId: seeder.host.peerId.toString(), url: 'http://127.0.0.1:4321' }],
    )
  })

  it('finds through the DHT a peer that it was never connected to', async () => {
    const sample = await sampleContent(1000)
    const middle = await startPeer()
    const seeder = await startPeer({ bootstrap: middle.host })
    await hold(seeder.store, sample)
    const seeker = await startPeer({ bootstrap: middle.host })
    const deadline = Date.now() + 10_000
    let found: Provider[] = []
    // The record travels in the background, on no event that the seeker could wait for.
    while (found.length === 0 && Date.now() < deadline) {
      found = await find(seeker.discovery, sample.root)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.ok(found.some(({ peerId }) => peerId === seeder.host.peerId.toString()))
  })

  it('names the listener that a peer found through the DHT has signed, and none that a record claims', async () => {
    const sample = await sampleContent(1000)
    const middle = await startPeer()
    const seeder = await startPeer({ bootstrap: middle.host, httpAddress: '/ip4/127.0.0.1/tcp/4321/http' })
    await hold(seeder.store, sample)
    const seeker = await startPeer({ bootstrap: middle.host })
    const lie = multiaddr('/ip4/127.0.0.1/tcp/6666/http')
    await seeker.host.peerStore.merge(seeder.host.peerId, { multiaddrs: [lie] })
    const deadline = Date.now() + 10_000
    let found: Provider[] = []
    // The record travels in the background, and a busy peer may be found before it has said where it listens.
    while (found[0]?.url === undefined && Date.now() < deadline) {
      found = await find(seeker.discovery, sample.root)
      await new Promise((resolve) => setImmediate(resolve))
    }
    assert.deepEqual(
      found.map(({ url }) => url),
      ['http://127.0.0.1:4321'],
    )
  })

  it('names no listener of a peer that nobody has spoken to', async () => {
    const seeker = await startPeer()
    const stranger = peerIdFromPrivateKey(await generateKeyPair('Ed25519'))
    await seeker.host.peerStore.merge(stranger, { multiaddrs: [multiaddr('/ip4/127.0.0.1/tcp/6666/http')] })
    assert.equal((await seeker.discovery.describe(stranger)).url, undefined)
  })

  it('ends without a provider for what nobody holds', async () => {
    const sample = await sampleContent(10)
    const { host } = await startPeer()
    const seeker = await startPeer({ bootstrap: host })
    assert.deepEqual(await find(seeker.discovery, sample.root), [])
  })
})
