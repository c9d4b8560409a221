import { ReadableStream } from 'node:stream/web'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { SluiceError } from '@sluice/sdk'
import { flagField, integerField, readJson, wordField } from '../../http/index.ts'
import { exportCar, importCar } from '../../store/index.ts'
import type { StoredContent } from '../../store/index.ts'
import type { ApiComponents } from '../components.ts'
import type { ContentSummary, HeldContent } from '../types.ts'

const MAX_VERSION = 2 ** 32 - 1
const MAX_REPLICAS = 32

type Components = Pick<
  ApiComponents,
  'store' | 'accounting' | 'replication' | 'checkRegistration' | 'describeTorrent' | 'log'
>

export function contentRoutes(components: Components): Hono {
  const { store, accounting, replication, checkRegistration, log } = components
  const describe = createDescribe(components)
  return new Hono()
    .get('/', (context) => {
      const earned = accounting.earned()
      const held = store.list().map((content) => ({
        ...describe(content),
        earned: String(earned.get(content.root) ?? 0n),
        replicasFound: replication.found(content.root),
      }))
      return context.json<HeldContent[]>(held)
    })
    .post('/', async (context) => {
      return context.json<ContentSummary>(await importCar(store, bodyOf(context)), 201)
    })
    .get('/:root/car', (context) => {
      const root = context.req.param('root')
      const car = logged(exportCar(store, root), (error) => log.warn({ err: error, root }, 'an export broke off'))
      context.header('content-type', 'application/vnd.ipld.car; version=1')
      context.header('content-disposition', `attachment; filename="${root}.car"`)
      // A stream that fails breaks the connection, so that half a CAR is never taken for a whole one.
      return context.body(ReadableStream.from(car) as BodyInit as globalThis.ReadableStream)
    })
    .delete('/:root', async (context) => {
      await store.remove(context.req.param('root'))
      return context.body(null, 204)
    })
    .put('/:root/pin', async (context) => {
      const { pinned } = await readJson(context)
      return context.json<ContentSummary>(
        describe(store.setPinned(context.req.param('root'), flagField(pinned, 'pinned'))),
      )
    })
    .put('/:root/replicas', async (context) => {
      const { replicas } = await readJson(context)
      const count = integerField(replicas, 'replicas', 0, MAX_REPLICAS)
      return context.json<ContentSummary>(describe(replication.set(context.req.param('root'), count)))
    })
    .post('/:root/register', async (context) => {
      const root = context.req.param('root')
      const body = await readJson(context)
      const contentId = wordField(body['contentId'], 'contentId')
      const version = integerField(body['version'], 'version', 1, MAX_VERSION)
      const content = store.get(root)
      if (content === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
      await checkRegistration(content.manifestCid, contentId, version)
      return context.json<ContentSummary>(describe(store.register(root, { contentId, version })))
    })
}

function createDescribe({ describeTorrent }: Components): (content: StoredContent) => ContentSummary {
  return (content) => {
    const torrent = describeTorrent?.(content.root)
    return torrent === undefined ? content : { ...content, torrent }
  }
}

async function* bodyOf({ req }: Context): AsyncGenerator<Uint8Array, void, undefined> {
  if (req.raw.body !== null) yield* req.raw.body
}

async function* logged<T>(
  items: AsyncIterable<T>,
  onError: (error: unknown) => void,
): AsyncGenerator<T, void, undefined> {
  try {
    yield* items
  } catch (error) {
    onError(error)
    throw error
  }
}
