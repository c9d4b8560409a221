import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import MemoryChunkStore from 'memory-chunk-store'
import WebTorrent from 'webtorrent'
import type { TorrentSettings } from './settings.ts'

/** Where a torrent is and what is in it; all that a receiver must know. */
export type SeededTorrent = { readonly torrentFile: Uint8Array; readonly port: number }

/** TCP alone: nobody is looked for, no port is opened, and nothing of WebRTC or uTP is there. */
const ALONE = {
  dht: false,
  lsd: false,
  natPmp: false,
  natUpnp: false,
  tracker: false,
  utPex: false,
  utp: false,
  webSeeds: false,
} as const

/** Seeds one file on the loopback interface. */
export async function seedTorrent(
  path: string,
  { pieceBytes, seedFrom, secure }: TorrentSettings,
): Promise<SeededTorrent> {
  const client = new WebTorrent({ ...ALONE, secure })
  const memory = { store: MemoryChunkStore, storeCacheSlots: 0 }
  const options = {
    name: 'sample.bin',
    announce: [],
    pieceLength: pieceBytes,
    ...(seedFrom === 'memory' ? memory : {}),
  }
  const input = seedFrom === 'memory' ? await readFile(path) : path
  const torrent = await new Promise<WebTorrent.Torrent>((resolve, reject) => {
    client.once('error', reject)
    client.seed(input, options, resolve)
  })
  return { torrentFile: torrent.torrentFile, port: client.torrentPort }
}

/**
 * Fetches it into memory, every piece verified by its SHA-1. Returns the milliseconds from connecting to the last verified
 * piece, and the bytes.
 */
export async function fetchTorrent(
  { torrentFile, port }: SeededTorrent,
  { secure }: Pick<TorrentSettings, 'secure'>,
): Promise<{ milliseconds: number; bytes: AsyncIterable<Uint8Array>; stop(): Promise<unknown> }> {
  const client = new WebTorrent({ ...ALONE, secure })
  const torrent = client.add(torrentFile, { announce: [], store: MemoryChunkStore, storeCacheSlots: 0 })
  await once(torrent, 'ready')
  const done = once(torrent, 'done')
  const started = performance.now()
  torrent.addPeer(`127.0.0.1:${port}`)
  await done
  const milliseconds = performance.now() - started
  const [file] = torrent.files
  if (file === undefined) throw new Error('the torrent has no file')
  const stop = () => new Promise<void>((resolve) => client.destroy(() => resolve()))
  return { milliseconds, bytes: file, stop }
}
