import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import type { Provider } from '@sluice/sdk/client'
import { parseCid } from '@sluice/sdk/content'
import { connectSource } from '@sluice/sdk/exchange'
import { encodeFrame } from '@sluice/sdk/wire'
import { bytesToHex } from 'viem'
import { createConsumer, DOMAIN, PRICE, stopSeeders } from '../testing/exchange.ts'
import { createCleanup } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import { startTorrentSeeder, swarmOf } from '../testing/torrents.ts'
import { useExchange } from './exchange-extension.ts'
import { createPeerWire } from './peer-wire.ts'

describe('a torrent’s swarm as a network', () => {
  const cleanup = createCleanup()
  after(async () => {
    await stopSeeders()
    await cleanup.run()
  })

  /** A peer that says to be another, and hangs up on who says Hello to it. */
  async function startImpostor(peerId: string): Promise<string> {
    const server = createServer((socket) => {
      const peer = createPeerWire(socket)
      const frames = useExchange(peer, () => {
        void frames.send(encodeFrame({ type: 'challenge', nonce: bytesToHex(randomBytes(32)) }))
      })
      Object.assign(peer.wire.extendedHandshake, { sluice_peer: peerId })
      peer.wire.once('handshake', (infoHash: string) => peer.wire.handshake(infoHash, '2e'.repeat(20), { fast: true }))
      void frames.queue.frames[Symbol.asyncIterator]()
        .next()
        .then(() => peer.abort())
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.add(() => void server.close())
    return `127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('finds a peer although others say to be it, and tells them apart by their addresses', async () => {
    const sample = await sampleContent(100_000, 'sealed')
    const [seeder, fetcher] = [await startTorrentSeeder(cleanup, sample), await startTorrentSeeder(cleanup, undefined)]
    const { peerId } = seeder.identity
    const peers = [await startImpostor(peerId), seeder.torrents.address]
    const network = fetcher.torrents.swarm(swarmOf(sample, { peers }))
    const { signal } = new AbortController()
    const root = parseCid(sample.root)
    const { payer } = await createConsumer()
    const found: Provider[] = []
    for await (const provider of network.findProviders(root, { signal })) found.push(provider)
    const sources = found.map(async (provider) => {
      const { channel } = await network.connect(provider, { signal })
      const options = { peerId: provider.peerId, root, sliceCount: 1, domain: DOMAIN, maxPrice: PRICE, payer }
      return connectSource(channel, { ...options, verify: () => true })
    })
    const results = await Promise.allSettled(sources)
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    const [source] = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
    assert.deepEqual(await source?.fetch(0), sample.slices[0])
    await source?.close()
    assert.equal(new Set(found.map((provider) => network.nameOf(provider))).size, 2)
    await assert.rejects(async () => network.connect(found[0]!, { signal }), /not in the swarm/)
  })
})
