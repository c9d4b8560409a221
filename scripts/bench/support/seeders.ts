import { cp } from 'node:fs/promises'
import type { Bench } from '../harness/measurement.ts'
import { startWorker } from '../harness/worker.ts'
import type { Worker } from '../harness/worker.ts'
import type { SeederCommands, SeederInfo } from '../workers/seeder.ts'

export type StartedSeeders = {
  readonly workers: readonly Worker<SeederCommands>[]
  readonly infos: readonly SeederInfo[]
}

/** Several seeders of one content, each a process with a store of its own. */
export async function startSeeders(bench: Bench, count: number, bytes: number): Promise<StartedSeeders> {
  const workers = Array.from({ length: count }, () => startWorker<SeederCommands>(bench, 'seeder'))
  const [first] = workers
  if (first === undefined) throw new RangeError('no seeder is asked for')
  const sealed = await bench.directory()
  const content = await first.call('seal', sealed, bytes)
  const serve = async (worker: Worker<SeederCommands>, at: number): Promise<SeederInfo> => {
    const directory = await bench.directory()
    await cp(sealed, directory, { recursive: true })
    return worker.call('serve', directory, content, at)
  }
  return { workers, infos: await Promise.all(workers.map(serve)) }
}
