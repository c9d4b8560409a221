import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { answerError } from '../http/index.ts'
import type { ApiComponents } from './components.ts'
import { guard } from './guard.ts'
import type { GuardOptions } from './guard.ts'
import { blockRoutes } from './routes/blocks.ts'
import { channelRoutes } from './routes/channels.ts'
import { claimRoutes } from './routes/claims.ts'
import { contentRoutes } from './routes/contents.ts'
import { downloadRoutes } from './routes/downloads.ts'
import { earningsRoutes } from './routes/earnings.ts'
import { jobRoutes } from './routes/jobs.ts'
import { peerRoutes } from './routes/peers.ts'
import { scrubRoutes } from './routes/scrubs.ts'
import { seedRoutes } from './routes/seeds.ts'
import { statusRoutes } from './routes/status.ts'
import { uploadRoutes } from './routes/uploads.ts'

/** The admin API: everything that only the node's owner may see or do. */
export function createAdminApp(components: ApiComponents, options: GuardOptions): Hono {
  const app = new Hono()
  app.onError((error, context) => answerError(error, context, components.log))
  app.notFound((context) => answerError(new SluiceError('NOT_FOUND', 'No such route.'), context, components.log))
  app.use(async (context, next) => {
    context.header('x-content-type-options', 'nosniff')
    context.header('cache-control', 'no-store')
    await next()
  })
  app.use(guard(options))
  app.get('/healthz', (context) => context.json(components.health()))
  app.get('/metrics', async (context) => {
    context.header('content-type', components.metrics.contentType)
    return context.body(await components.metrics.metrics())
  })
  app.route('/v1/status', statusRoutes(components))
  app.route('/v1/peers', peerRoutes(components))
  app.route('/v1/contents', contentRoutes(components))
  app.route('/v1/uploads', uploadRoutes(components))
  app.route('/v1/blocks', blockRoutes(components))
  if (components.jobs !== undefined) {
    app.route('/v1/seeds', seedRoutes(components.jobs))
    app.route('/v1/scrubs', scrubRoutes(components.jobs))
    app.route('/v1/downloads', downloadRoutes(components.jobs))
    app.route('/v1/jobs', jobRoutes(components.jobs))
  }
  app.route('/v1/channels', channelRoutes(components))
  app.route('/v1/earnings', earningsRoutes(components))
  app.route('/v1/claims', claimRoutes(components))
  return app
}
