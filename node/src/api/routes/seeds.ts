import { Hono } from 'hono'
import { readJson, textField } from '../../http/index.ts'
import type { Jobs } from '../../jobs/types.ts'
import type { JobCreated } from '../types.ts'

export function seedRoutes(jobs: Jobs): Hono {
  return new Hono().post('/', async (context) => {
    const body = await readJson(context)
    const jobId = await jobs.startSeed({ content: textField(body['content'], 'content') })
    return context.json<JobCreated>({ jobId }, 201)
  })
}
