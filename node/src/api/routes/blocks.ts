import { Hono } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { MAX_BLOCK_BYTES, parseCid } from '@sluice/sdk/content'
import { readBody } from '../../http/index.ts'
import type { ApiComponents } from '../components.ts'

export function blockRoutes({ store: { blocks } }: Pick<ApiComponents, 'store'>): Hono {
  return new Hono()
    .put('/:cid', async (context) => {
      await blocks.put(context.req.param('cid'), await readBody(context, MAX_BLOCK_BYTES))
      return context.body(null, 204)
    })
    .get('/:cid', async (context) => {
      const cid = parseCid(context.req.param('cid')).toString()
      const block = await blocks.get(cid)
      if (block === undefined) throw new SluiceError('NOT_FOUND', `Block ${cid} is not here.`)
      context.header('content-type', 'application/octet-stream')
      return context.body(new Uint8Array(block))
    })
}
