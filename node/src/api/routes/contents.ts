import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { flagField, integerField, readJson, wordField } from '../../http/index.ts'
import type { ApiComponents } from '../components.ts'
import type { ContentSummary, HeldContent } from '../types.ts'

const MAX_VERSION = 2 ** 32 - 1

type Components = Pick<ApiComponents, 'store' | 'accounting' | 'checkRegistration'>

export function contentRoutes({ store, accounting, checkRegistration }: Components): Hono {
  return new Hono()
    .get('/', (context) => {
      const earned = accounting.earned()
      const held = store.list().map((content) => ({ ...content, earned: String(earned.get(content.root) ?? 0n) }))
      return context.json<HeldContent[]>(held)
    })
    .delete('/:root', async (context) => {
      await store.remove(context.req.param('root'))
      return context.body(null, 204)
    })
    .put('/:root/pin', async (context) => {
      const { pinned } = await readJson(context)
      return context.json<ContentSummary>(store.setPinned(context.req.param('root'), flagField(pinned, 'pinned')))
    })
    .post('/:root/register', async (context) => {
      const root = context.req.param('root')
      const body = await readJson(context)
      const contentId = wordField(body['contentId'], 'contentId')
      const version = integerField(body['version'], 'version', 1, MAX_VERSION)
      const content = store.get(root)
      if (content === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
      await checkRegistration(content.manifestCid, contentId, version)
      return context.json<ContentSummary>(store.register(root, { contentId, version }))
    })
}
