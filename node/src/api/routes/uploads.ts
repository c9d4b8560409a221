import { Hono } from 'hono'
import { LEAF_BYTES, MAX_SLICES } from '@sluice/sdk/content'
import { integerField, oneOfField, readBody, readJson, textField, wordField } from '../../http/index.ts'
import type { Registration } from '../../store/index.ts'
import type { ApiComponents } from '../components.ts'
import type { ContentSummary, UploadCreated, UploadStatus } from '../types.ts'

const MAX_VERSION = 2 ** 32 - 1

/** Resumable uploads from a publisher: create, put slices in any order, commit. */
export function uploadRoutes({
  store: { uploads },
  checkRegistration,
}: Pick<ApiComponents, 'store' | 'checkRegistration'>): Hono {
  return new Hono()
    .post('/', async (context) => {
      const body = await readJson(context)
      const kind = oneOfField(body['kind'], 'kind', ['sealed', 'open'])
      const sliceCount = integerField(body['sliceCount'], 'sliceCount', 1, MAX_SLICES)
      return context.json<UploadCreated>({ uploadId: await uploads.create({ kind, sliceCount }) }, 201)
    })
    .get('/:id', async (context) => {
      const { received, count, sliceCount } = await uploads.received(context.req.param('id'))
      return context.json<UploadStatus>({ received: Buffer.from(received).toString('base64'), count, sliceCount })
    })
    .put('/:id/slices/:index', async (context) => {
      const index = integerField(context.req.param('index'), 'index', 0, MAX_SLICES - 1)
      await uploads.writeSlice(context.req.param('id'), index, await readBody(context, LEAF_BYTES))
      return context.body(null, 204)
    })
    .post('/:id/commit', async (context) => {
      const body = await readJson(context)
      const manifestCid = textField(body['manifestCid'], 'manifestCid')
      const registration = readRegistration(body)
      if (registration !== undefined) {
        await checkRegistration(manifestCid, registration.contentId, registration.version)
      }
      return context.json<ContentSummary>(await uploads.commit(context.req.param('id'), manifestCid, registration))
    })
    .delete('/:id', async (context) => {
      await uploads.remove(context.req.param('id'))
      return context.body(null, 204)
    })
}

function readRegistration({ contentId, version }: Record<string, unknown>): Registration | undefined {
  if (contentId === undefined && version === undefined) return undefined
  return {
    contentId: wordField(contentId, 'contentId'),
    version: integerField(version, 'version', 1, MAX_VERSION),
  }
}
