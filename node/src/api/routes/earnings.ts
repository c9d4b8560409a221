import { Hono } from 'hono'
import type { ApiComponents } from '../components.ts'

export function earningsRoutes({ accounting }: Pick<ApiComponents, 'accounting'>): Hono {
  return new Hono().get('/', async (context) => context.json(await accounting.earnings()))
}
