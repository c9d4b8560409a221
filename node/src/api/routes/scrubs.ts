import { Hono } from 'hono'
import { optionalField, readJson, textField } from '../../http/index.ts'
import type { Jobs } from '../../jobs/types.ts'
import type { JobCreated } from '../types.ts'

export function scrubRoutes(jobs: Jobs): Hono {
  return new Hono().post('/', async (context) => {
    const jobId = await jobs.startScrub(optionalField(await readJson(context), 'content', textField))
    return context.json<JobCreated>({ jobId }, 201)
  })
}
