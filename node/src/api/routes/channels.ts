import { Hono } from 'hono'
import { oneOfField } from '../../http/index.ts'
import type { ApiComponents } from '../components.ts'

export function channelRoutes({ accounting }: Pick<ApiComponents, 'accounting'>): Hono {
  return new Hono().get('/', async (context) => {
    const role = oneOfField(context.req.query('role') ?? 'payee', 'role', ['payee', 'payer'])
    return context.json(await accounting.channels(role))
  })
}
