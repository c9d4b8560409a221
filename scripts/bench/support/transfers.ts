import type { Bench } from '../harness/measurement.ts'
import { startWorker } from '../harness/worker.ts'
import type { FetcherCommands, Way } from '../workers/fetcher.ts'
import type { SeederCommands } from '../workers/seeder.ts'
import { takeTurns } from './turns.ts'

/** 1,024 slices: a second or so on the slowest way. */
export const TRANSFER_BYTES = 256 * 2 ** 20
const RUNS = 7
/** Enough for every run on a machine that is busy with other things. */
export const TRANSFER_LIMIT_MS = 300_000

/** Bytes of the content, and milliseconds of every run, by way. */
export type Transfers<W extends Way> = { readonly bytes: number; readonly times: Readonly<Record<W, number[]>> }

/** Moves one content from a seeder to a fetcher, both processes of their own, each way once a run and in turn. */
export async function runTransfers<W extends Way>(bench: Bench, ways: readonly W[]): Promise<Transfers<W>> {
  const { bytes, transfer } = await startTransfers(bench)
  return { bytes, times: await takeTurns(RUNS, ways, transfer) }
}

/** A seeder and a fetcher; a transfer's milliseconds are counted from asking to the last byte. */
export async function startTransfers(bench: Bench) {
  const seeder = startWorker<SeederCommands>(bench, 'seeder')
  const fetcher = startWorker<FetcherCommands>(bench, 'fetcher')
  const info = await seeder.call('start', await bench.directory(), TRANSFER_BYTES)
  await fetcher.call('connect', info, await bench.directory())
  const transfer = (way: Way): Promise<number> => fetcher.call('transfer', way)
  return { bytes: info.content.leafBytes, transfer }
}
