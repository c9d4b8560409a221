import { withBitswap } from '@helia/bitswap'
import { withLibp2pLight } from '@helia/libp2p'
import { unixfs } from '@helia/unixfs'
import { identify } from '@libp2p/identify'
import { noise } from '@libp2p/noise'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createHeliaLight } from 'helia'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { CID } from 'multiformats/cid'
import type { HeliaSettings } from './settings.ts'

/** Where a file is; all that a receiver must know. */
export type SeededFile = { readonly root: string; readonly address: string }

/** Seeds one file on the loopback interface, its blocks in memory. */
export async function seedFile(source: AsyncIterable<Uint8Array>, settings: HeliaSettings): Promise<SeededFile> {
  const helia = await startHelia(settings)
  const root = await unixfs(helia).addByteStream(source, {
    rawLeaves: true,
    chunker: fixedSize({ chunkSize: settings.blockBytes }),
  })
  const [address] = helia.libp2p.getMultiaddrs()
  if (address === undefined) throw new Error('Helia does not listen')
  return { root: root.toString(), address: address.toString() }
}

/** Fetches it, every block verified by its SHA-256. Returns the milliseconds from asking to the last byte, and the bytes. */
export async function fetchFile(
  { root, address }: SeededFile,
  settings: HeliaSettings,
): Promise<{ milliseconds: number; bytes: readonly Uint8Array[]; stop(): Promise<unknown> }> {
  const helia = await startHelia(settings)
  const provider = multiaddr(address)
  await helia.libp2p.dial(provider)
  const cid = CID.parse(root)
  const bytes: Uint8Array[] = []
  const started = performance.now()
  const blocks = settings.session ? helia.blockstore.createSession(cid, { providers: [provider] }) : helia.blockstore
  const read = settings.concurrency === undefined ? {} : { blockReadConcurrency: settings.concurrency }
  for await (const chunk of unixfs({ blockstore: blocks }).cat(cid, read)) bytes.push(chunk)
  return { milliseconds: performance.now() - started, bytes, stop: () => helia.stop() }
}

async function startHelia({ encryption, eager }: HeliaSettings) {
  const helia = withBitswap(
    withLibp2pLight(createHeliaLight(), {
      addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
      transports: [tcp()],
      connectionEncrypters: [encryption === 'tls' ? tls() : noise()],
      streamMuxers: [yamux()],
      services: { identify: identify() },
    }),
    eager ? { sendBlocksMaxQueueLength: 10_000, sendWantlistDebounce: 1, sendBlocksDebounce: 1 } : {},
  )
  await helia.start()
  return helia
}
