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
  const isRunning = ({ job }: JobEntry): boolean => job.state().state === 'running'

  function makeRoom(): void {
    const all = [...entries.values()]
    if (all.filter(isRunning).length >= MAX_RUNNING) {
      throw new SluiceError('RATE_LIMITED', `${MAX_RUNNING} jobs are running already.`, {
        hint: 'Wait for one to end.',
      })
    }
    const oldest = entries.size < MAX_REMEMBERED ? undefined : all.find((entry) => !isRunning(entry))
    if (oldest !== undefined) entries.delete(oldest.job.id)
  }

  return {
    find: (id: string): JobEntry | undefined => entries.get(id),
    demand(id: string): JobEntry {
      const entry = entries.get(id)
      if (entry === undefined) throw new SluiceError('JOB_UNKNOWN', 'There is no such job.')
      return entry
    },
    /** `prepare` finds out what is asked for and throws what the asker must hear; the work then runs on its own. */
    async launch(kind: Job['kind'], content: string, prepare: (job: RunningJob) => Promise<Prepared>): Promise<string> {
      makeRoom()
      const job = createRunningJob(kind, content)
      const { run, ...prepared } = await prepare(job)
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
      for (const { job } of entries.values()) job.cancel()
      await Promise.all([...entries.values()].map(({ work }) => work))
    },
  }
}
