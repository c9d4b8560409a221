import { Hono } from 'hono'
import type { ApiComponents } from '../components.ts'

export function statusRoutes({ status }: Pick<ApiComponents, 'status'>): Hono {
  return new Hono().get('/', async (context) => context.json(await status()))
}
