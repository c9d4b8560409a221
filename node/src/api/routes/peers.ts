import { Hono } from 'hono'
import type { ApiComponents } from '../components.ts'

export function peerRoutes({ peers }: Pick<ApiComponents, 'peers'>): Hono {
  return new Hono().get('/', async (context) => context.json(await peers()))
}
