import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { zeroAddress } from 'viem'
import { decodeManifest, parseCid } from '@sluice/sdk/content'
import { connectSource } from '@sluice/sdk/exchange'
import type { Source } from '@sluice/sdk/exchange'
import type { TermsMessage } from '@sluice/sdk/wire'
import { describeManifest } from '../store/index.ts'
import type { Store } from '../store/index.ts'
import { startTorrents } from '../torrent/index.ts'
import type { Layout, Swarm, Torrents } from '../torrent/index.ts'
import { DOMAIN, PRICE, startSeeder } from './exchange.ts'
import type { Seeder, SeederOptions } from './exchange.ts'
import { quiet, startStore } from './peers.ts'
import type { Cleanup } from './peers.ts'
import type { Sample } from './sample-content.ts'

export type TorrentSeeder = Seeder & { readonly torrents: Torrents; readonly store: Store }

export type TorrentOptions = { readonly trackers?: readonly string[]; readonly tracker?: boolean }

/** A seeder with a sample on disk, in the torrents' swarms; the chain behind it is a few maps. */
export async function startTorrentSeeder(
  cleanup: Cleanup,
  sample: Sample | undefined,
  { trackers = [], tracker = false, ...options }: TorrentOptions & Partial<SeederOptions> = {},
): Promise<TorrentSeeder> {
  const store = await startStore(cleanup)
  if (sample !== undefined) await fill(store, sample)
  const dataDir = await mkdtemp(join(tmpdir(), 'sluice-torrent-'))
  cleanup.add(() => rm(dataDir, { recursive: true }))
  const seeder = await startSeeder({ contents: [], ...options, overrides: { store, ...options.overrides } })
  const { service, identity } = seeder
  const torrents = await startTorrents({
    config: {
      dataDir,
      torrent: { enabled: true, host: '127.0.0.1', port: 0, trackers, tracker, trackerPort: 0 },
      limits: { requestsPerMinute: 1200, blocksPerMinute: 1200, maxExchanges: 64 },
      p2p: { listen: [], announce: [], bootstrap: [], privateNetwork: true, maxConnections: 10 },
    },
    store,
    serve: service.serve,
    peerId: identity.peerId,
    log: quiet,
  })
  cleanup.add(() => torrents.stop())
  return { ...seeder, torrents, store }
}

async function fill(store: Store, sample: Sample): Promise<void> {
  await store.blocks.put(sample.manifestCid, sample.manifest)
  await store.create(describeManifest(decodeManifest(sample.manifest), parseCid(sample.manifestCid)))
  await Promise.all(sample.slices.map((slice, index) => store.writeSlice(sample.root, index, slice)))
}

/** The sample's swarm, with peers that are known without asking. */
export function swarmOf(
  sample: Sample,
  { peers = [], trackers = [] }: Partial<Pick<Swarm, 'peers' | 'trackers'>>,
): Swarm {
  const { infoHash } = decodeManifest(sample.manifest)
  const byteLength = sample.slices.reduce((sum, { length }) => sum + length, 0)
  const layout = { sliceCount: sample.slices.length, byteLength }
  return { infoHash: infoHash.slice(2), peers, trackers, layout }
}

/** All sources that a swarm has for a sample, connected on agreed terms. */
export async function connectSwarm(
  { torrents }: Pick<TorrentSeeder, 'torrents'>,
  sample: Sample,
  { swarm, ...options }: Partial<connectSource.Options> & { swarm: Swarm },
): Promise<Source[]> {
  const network = torrents.swarm(swarm)
  const { signal } = new AbortController()
  const root = parseCid(sample.root)
  const digests = sample.slices.map(sha256)
  const sources: Source[] = []
  for await (const provider of network.findProviders(root, { signal })) {
    const { peerId, channel } = await network.connect(provider, { signal })
    sources.push(
      await connectSource(channel, {
        peerId,
        root,
        sliceCount: sample.slices.length,
        domain: DOMAIN,
        verify: (index, bytes) => sha256(bytes) === digests[index],
        maxPrice: PRICE,
        ...options,
      }),
    )
  }
  return sources
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Terms as they go over the wire for a whole content; who signs them is the machines' business. */
export function termsAt(price: bigint, { sliceCount }: Layout): TermsMessage {
  return {
    type: 'terms',
    termsId: 1,
    price,
    token: zeroAddress,
    payee: zeroAddress,
    credit: 8n * price,
    minChannel: 0n,
    challenge: 3600,
    expiry: 2n ** 40n,
    owed: 0n,
    sliceCount,
    has: Uint8Array.from(
      { length: Math.ceil(sliceCount / 8) },
      (_, at) => 0xff >> Math.max(0, 8 * at + 8 - sliceCount),
    ),
    signature: new Uint8Array(64),
  }
}
