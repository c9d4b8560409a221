import { SluiceError } from '@sluice/sdk'
import type { Job } from '../api/types.ts'
import type { Log } from '../log.ts'
import { createRunningJob } from './job-state.ts'
import type { RunningJob } from './job-state.ts'
import type { DownloadContent, Prepared } from './types.ts'

/** Jobs that run at once, and those remembered in all: the oldest that has ended is forgotten first. */
const MAX_RUNNING = 64
const MAX_REMEMBERED = 256

export type JobEntry = {
  readonly job: RunningJob
  /** Settles when the work has ended, however. */
  readonly work: Promise<void>
  readonly content?: DownloadContent
}

/** Work that outlives the request that started it. */
export function createJobRegistry(log: Log) {
  const entries = new Map<string, JobEntry>()
  /** Jobs of which it is not known yet what they are asked for. */
  const preparing = new Set<RunningJob>()

  return {
    find: (id: string): JobEntry | undefined => entries.get(id),
    demand(id: string): JobEntry {
      const entry = entries.get(id)
      if (entry === undefined) throw new SluiceError('JOB_UNKNOWN', 'There is no such job.')
      return entry
    },
    /**
     * `prepare` finds out what is asked for and throws what the asker must hear; the work then runs on its own. Throws
     * TIMEOUT as soon as `signal` aborts before, and ABORTED where all ends, whatever `prepare` still waits for.
     */
    async launch(
      kind: Job['kind'],
      content: string,
      prepare: (job: RunningJob) => Promise<Prepared>,
      { signal }: { readonly signal?: AbortSignal } = {},
    ): Promise<string> {
      makeRoom(entries)
      const job = createRunningJob(kind, content)
      preparing.add(job)
      const { run, ...prepared } = await untilFailed(job, () => prepare(job), signal).finally(() =>
        preparing.delete(job),
      )
      const work = run().then(job.finish, (error: unknown) => {
        log.warn({ job: job.id, content, err: error }, 'job failed')
        job.fail(error)
      })
      entries.set(job.id, { job, work, ...prepared })
      return job.id
    },
    async cancel(id: string): Promise<void> {
      const { job, work } = this.demand(id)
      job.cancel()
      await work
      entries.delete(id)
    },
    async stop(): Promise<void> {
      for (const job of preparing) job.cancel()
      for (const { job } of entries.values()) job.cancel()
      await Promise.all([...entries.values()].map(({ work }) => work))
    },
  }
}

const isRunning = ({ job }: JobEntry): boolean => job.state().state === 'running'

function makeRoom(entries: Map<string, JobEntry>): void {
  const all = [...entries.values()]
  if (all.filter(isRunning).length >= MAX_RUNNING) {
    throw new SluiceError('RATE_LIMITED', `${MAX_RUNNING} jobs are running already.`, { hint: 'Wait for one to end.' })
  }
  const oldest = entries.size < MAX_REMEMBERED ? undefined : all.find((entry) => !isRunning(entry))
  if (oldest !== undefined) entries.delete(oldest.job.id)
}

/** The work's result, or the job's failure as soon as it fails; it does with TIMEOUT when `signal` aborts before. */
async function untilFailed<T>(job: RunningJob, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const late = (): void => job.fail(new SluiceError('TIMEOUT', 'It took too long to find out what is asked for.'))
  const failed = Promise.withResolvers<never>()
  const onFailed = (): void => failed.reject(job.signal.reason)
  job.signal.addEventListener('abort', onFailed, { once: true })
  signal?.addEventListener('abort', late, { once: true })
  try {
    if (signal?.aborted === true) late()
    return await Promise.race([work(), failed.promise])
  } finally {
    signal?.removeEventListener('abort', late)
    job.signal.removeEventListener('abort', onFailed)
  }
}
