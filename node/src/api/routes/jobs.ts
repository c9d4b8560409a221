import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import type { Jobs } from '../../jobs/types.ts'
import { streamNdjson } from '../ndjson.ts'
import type { Job } from '../types.ts'

export function jobRoutes(jobs: Jobs): Hono {
  function demand(id: string): Job {
    const job = jobs.get(id)
    if (job === undefined) throw new SluiceError('JOB_UNKNOWN', 'There is no such job.')
    return job
  }

  return new Hono()
    .get('/:id', (context) => context.json<Job>(demand(context.req.param('id'))))
    .get('/:id/events', (context) => {
      const { id } = demand(context.req.param('id'))
      return streamNdjson(context, (signal) => jobs.events(id, { signal }))
    })
    .delete('/:id', async (context) => {
      await jobs.cancel(context.req.param('id'))
      return context.body(null, 204)
    })
}
