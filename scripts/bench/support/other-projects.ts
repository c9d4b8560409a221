import { existsSync } from 'node:fs'
import { BEST_HELIA, BEST_TORRENT } from '../../../bench/transfer/settings.ts'
import type { HeliaSettings, TorrentSettings } from '../../../bench/transfer/settings.ts'
import type { Bench } from '../harness/measurement.ts'
import { startWorker } from '../harness/worker.ts'
import type { HeliaPeerCommands } from '../workers/helia-peer.ts'
import type { TorrentPeerCommands } from '../workers/torrent-peer.ts'
import type { SampleFile } from './sample-file.ts'

const PACKAGES = ['webtorrent', 'helia'] as const

/** What to do when the other projects are not installed; undefined when they are. */
export function missingProjects(): string | undefined {
  const installed = PACKAGES.every((name) =>
    existsSync(new URL(`../../../bench/transfer/node_modules/${name}`, import.meta.url)),
  )
  return installed ? undefined : 'needs other projects: npm ci --prefix bench/transfer'
}

/** A seeder and a fetcher with WebTorrent; the milliseconds of one transfer. */
export async function startTorrents(
  bench: Bench,
  { path, sha256 }: SampleFile,
  settings: TorrentSettings = BEST_TORRENT,
): Promise<() => Promise<number>> {
  const seeded = await startWorker<TorrentPeerCommands>(bench, 'torrent-peer').call('seed', path, settings)
  const fetcher = startWorker<TorrentPeerCommands>(bench, 'torrent-peer')
  return () => fetcher.call('transfer', seeded, settings, sha256)
}

/** The same with Helia. */
export async function startHelias(
  bench: Bench,
  { path, sha256 }: SampleFile,
  settings: HeliaSettings = BEST_HELIA,
): Promise<() => Promise<number>> {
  const seeded = await startWorker<HeliaPeerCommands>(bench, 'helia-peer').call('seed', path, settings)
  const fetcher = startWorker<HeliaPeerCommands>(bench, 'helia-peer')
  return () => fetcher.call('transfer', seeded, settings, sha256)
}
