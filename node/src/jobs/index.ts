import { setTimeout as delay } from 'node:timers/promises'
import { SluiceError } from '@sluice/sdk'
import type { Job } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import { startDownload } from './download.ts'
import { createRunningJob } from './job-state.ts'
import type { RunningJob } from './job-state.ts'
import { createPurses } from './purses.ts'
import { startSeed } from './seed.ts'
import type { DownloadContent, Jobs } from './types.ts'

export type { DownloadContent, Jobs } from './types.ts'

/** Jobs that are remembered, and how long after their end. */
const MAX_JOBS = 256
const KEPT_MS = 3_600_000

type Entry = { readonly job: RunningJob; readonly work: Promise<void>; readonly content?: DownloadContent }

/** Runs a node's seeding and downloading on its own parts. */
export function createJobs(parts: DaemonParts): Jobs {
  const entries = new Map<string, Entry>()
  const purseOf = createPurses(parts)

  function demand(id: string): Entry {
    const entry = entries.get(id)
    if (entry === undefined) throw new SluiceError('JOB_UNKNOWN', 'There is no such job.')
    return entry
  }

  /** `prepare` finds out what is asked for and throws what the asker must hear; the work then runs on its own. */
  async function launch(
    kind: Job['kind'],
    content: string,
    prepare: (job: RunningJob) => Promise<Prepared>,
  ): Promise<string> {
    if (entries.size >= MAX_JOBS) throw new SluiceError('RATE_LIMITED', `${MAX_JOBS} jobs are remembered already.`)
    const job = createRunningJob(kind, content)
    const { run, ...prepared } = await prepare(job)
    const work = run().then(job.finish, (error: unknown) => {
      parts.log.warn({ job: job.id, content, err: error }, 'job failed')
      job.fail(error)
    })
    entries.set(job.id, { job, work, ...prepared })
    void work.then(() => forgetLater(job.id))
    return job.id
  }

  async function forgetLater(id: string): Promise<void> {
    await delay(KEPT_MS, undefined, { ref: false })
    entries.delete(id)
  }

  return {
    startSeed: (request) => launch('seed', request.content, (job) => startSeed(parts, job, request)),
    startDownload: (request) =>
      launch('download', request.content, (job) => startDownload(parts, job, request, purseOf)),
    get: (id) => entries.get(id)?.job.state(),
    events: (id, { signal }) => demand(id).job.events(signal),
    async cancel(id) {
      const { job, work } = demand(id)
      job.cancel()
      await work
      entries.delete(id)
    },
    async content(id) {
      const { content } = demand(id)
      if (content === undefined) throw new SluiceError('JOB_UNKNOWN', 'This job is no download.')
      return content
    },
    async stop() {
      for (const { job } of entries.values()) job.cancel()
      await Promise.all([...entries.values()].map(({ work }) => work))
    },
  }
}

/** A job whose content is known: how to do it, and for a download how to read it. */
export type Prepared = { readonly run: () => Promise<void>; readonly content?: DownloadContent }
