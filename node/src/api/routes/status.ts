import { Hono } from 'hono'
import type { ApiComponents } from '../components.ts'

export function statusRoutes({ status }: Pick<ApiComponents, 'status'>): Hono {
  return new Hono().get('/', (context) => context.json(status()))
}
