/**
 * Tries settings of the other projects and prints the rate of each: `node scripts/bench/tune-peers.ts`. The best of each is
 * committed in bench/transfer.
 */
import type { HeliaSettings, TorrentSettings } from '../../bench/transfer/settings.ts'
import type { Bench, Measurement, Result } from './harness/measurement.ts'
import { runMeasurement } from './harness/run-measurement.ts'
import { formatTable } from './harness/table.ts'
import { startHelias, startTorrents } from './support/other-projects.ts'
import { rateOf } from './support/rates.ts'
import { writeSampleFile } from './support/sample-file.ts'
import type { SampleFile } from './support/sample-file.ts'
import { takeTurns } from './support/turns.ts'

const BYTES = 128 * 2 ** 20
const RUNS = 3
const LIMIT_MS = 120_000

const TORRENT: readonly TorrentSettings[] = [
  { pieceBytes: 2 ** 20, seedFrom: 'memory', secure: 0 },
  { pieceBytes: 2 ** 20, seedFrom: 'file', secure: 0 },
  { pieceBytes: 2 ** 18, seedFrom: 'memory', secure: 0 },
  { pieceBytes: 2 ** 22, seedFrom: 'memory', secure: 0 },
  { pieceBytes: 2 ** 20, seedFrom: 'memory', secure: 1 },
]
const HELIA: readonly HeliaSettings[] = [
  { blockBytes: 2 ** 20, encryption: 'tls', session: true, eager: false },
  { blockBytes: 2 ** 20, encryption: 'tls', session: true, eager: true },
  { blockBytes: 2 ** 20, encryption: 'tls', session: false, eager: true },
  { blockBytes: 2 ** 20, encryption: 'noise', session: true, eager: true },
  { blockBytes: 2 ** 20, encryption: 'tls', session: true, eager: true, concurrency: 16 },
  { blockBytes: 2 ** 20, encryption: 'tls', session: true, eager: true, concurrency: 64 },
  { blockBytes: 2 ** 18, encryption: 'tls', session: true, eager: true },
]

type Start = (bench: Bench, file: SampleFile) => Promise<() => Promise<number>>
type Attempt = { readonly name: string; readonly start: Start }

const ATTEMPTS: readonly Attempt[] = [
  ...TORRENT.map((settings) => attempt('WebTorrent', settings, (bench, file) => startTorrents(bench, file, settings))),
  ...HELIA.map((settings) => attempt('Helia', settings, (bench, file) => startHelias(bench, file, settings))),
]

function attempt(project: string, settings: object, start: Start): Attempt {
  return { name: `${project} ${Object.entries(settings).flat().join(' ')}`, start }
}

function tuning({ name, start }: Attempt): Measurement {
  return {
    names: [name],
    limitMs: LIMIT_MS,
    async run(bench) {
      const transfer = await start(bench, await writeSampleFile(await bench.directory(), BYTES))
      const { times } = await takeTurns(RUNS, ['times'], transfer)
      return [rateOf(name, BYTES, times)]
    },
  }
}

const { signal } = new AbortController()
const results: Result[] = []
for (const each of ATTEMPTS) {
  try {
    results.push(...(await runMeasurement(tuning(each), { signal, largeBytes: BYTES })))
  } catch (error) {
    // One that stands still is a result too.
    console.error(`${each.name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
console.log(formatTable(results).join('\n'))
