import type { ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { getConnInfo } from '@hono/node-server/conninfo'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { SluiceError } from '@sluice/sdk'
import type { KeeperInfo, Provider } from '@sluice/sdk/client'
import { parseCid } from '@sluice/sdk/content'
import { Hono } from 'hono'
import type { Context, MiddlewareHandler } from 'hono'
import type { CID } from 'multiformats/cid'
import type { Address } from 'viem'
import type { ContractAddresses } from '../api/types.ts'
import { answerError, readBody, textField } from '../http/index.ts'
import type { Log } from '../log.ts'
import { addressPrefix } from '../net/addresses.ts'
import { createPlaces } from '../net/places.ts'
import type { RateLimiter } from '../net/rate-limiter.ts'
import type { PublicReader } from '../protocols/slice/index.ts'
import type { Social } from '../social/index.ts'
import { answerContent } from './answer-content.ts'
import { addSocialRoutes } from './social-routes.ts'
import type { StaticFiles } from './static-files.ts'

/** `GET /v1/info` */
export type PublicInfo = {
  readonly peerId: string
  readonly chainId: number
  readonly rpcUrl: string
  readonly contracts: ContractAddresses
  /** What one slice costs here, for a page's estimate; what is paid is what each source's signed terms say. */
  readonly price: { readonly token: Address; readonly amount: string }
  /** GraphQL endpoint of an index, where the owner names one. */
  readonly indexUrl?: string
  readonly version: string
}

export type PublicComponents = {
  readonly info: PublicInfo
  /** A block that is here. */
  readonly getBlock: (cid: string) => Promise<Uint8Array | undefined>
  /** A block from here or from the network. Throws NO_PROVIDERS. */
  readonly findBlock: (cid: CID, signal: AbortSignal) => Promise<Uint8Array>
  readonly findProviders: (cid: CID, signal: AbortSignal) => AsyncIterable<Provider>
  readonly findKeepers: (signal: AbortSignal) => Promise<readonly KeeperInfo[]>
  readonly requestShare: (peerId: string, request: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>
  /** Gives an exchange an HTTP answer for its slices; false where no exchange has this token. */
  readonly attachStream: (token: string, response: ServerResponse) => boolean
  /** What anyone may have of a content. */
  readonly publicReader: PublicReader
  /** Answers with content under way at once. */
  readonly maxAnswers: number
  /** What carries social actions; missing where the node does not. */
  readonly social?: Pick<Social, 'post' | 'get' | 'find'> | undefined
  /** Of social actions posted here. */
  readonly socialLimiter: RateLimiter
  readonly isHealthy: () => boolean
  readonly files: StaticFiles | undefined
  readonly limiter: RateLimiter
  readonly log: Log
}

const FIND_TIMEOUT_MS = 10_000
const SHARE_TIMEOUT_MS = 15_000
const MAX_SHARE_REQUEST_BYTES = 16 * 1024
const MAX_PROVIDERS = 32
/** Enough sources to start; a page asks again while it needs more. */
const ENOUGH_PROVIDERS = 8
const SETTLE_MS = 1500

/** What anybody may ask of a node: blocks, look-ups, key shares, and the dApp itself. Holds no power over the node. */
export function createPublicApp(components: PublicComponents): Hono {
  const { info, files, limiter, log } = components
  const app = new Hono()
  app.onError((error, context) => answerError(error, context, log))
  const answerer = { reader: components.publicReader, places: createPlaces(components.maxAnswers) }
  app.use('/block/*', openToPages, limited(limiter))
  app.use('/slices/*', openToPages, limited(limiter))
  app.use('/v1/*', openToPages, limited(limiter))
  app.get('/healthz', (context) => context.json({ ok: components.isHealthy() }, components.isHealthy() ? 200 : 503))
  app.get('/v1/info', (context) => context.json(info))
  app.get('/block/:cid', (context) => answerBlock(context, components))
  app.get('/slices/:root', (context) => answerContent(context, answerer, prefixOf(context)))
  app.get('/v1/providers/:root', async (context) => {
    const root = parseCid(context.req.param('root'))
    return context.json(await collectProviders(components, root, context.req.raw.signal))
  })
  app.get('/v1/keepers', async (context) =>
    context.json(await components.findKeepers(within(context, FIND_TIMEOUT_MS))),
  )
  app.post('/v1/key/:peerId', async (context) => {
    const peerId = textField(context.req.param('peerId'), 'peerId')
    const request = await readBody(context, MAX_SHARE_REQUEST_BYTES)
    const answer = await components.requestShare(peerId, request, within(context, SHARE_TIMEOUT_MS))
    return binary(context, answer)
  })
  app.get('/exchange/:token', limited(limiter), (context) => {
    const { outgoing } = context.env as HttpBindings
    if (components.attachStream(context.req.param('token'), outgoing)) return RESPONSE_ALREADY_SENT
    throw new SluiceError('NOT_FOUND', 'No exchange has this token.')
  })
  const { social, socialLimiter } = components
  if (social !== undefined) addSocialRoutes(app, { social, limiter: socialLimiter, prefixOf })
  app.all('/v1/*', () => {
    throw new SluiceError('NOT_FOUND', 'No such route.')
  })
  app.get('*', limited(limiter), (context) => answerFile(context, files))
  return app
}

async function answerBlock(context: Context, { getBlock, findBlock }: PublicComponents): Promise<Response> {
  const cid = parseCid(context.req.param('cid') ?? '')
  const mayFind = context.req.query('find') === '1'
  const block =
    (await getBlock(cid.toString())) ?? (mayFind ? await findBlock(cid, within(context, FIND_TIMEOUT_MS)) : undefined)
  if (block === undefined) throw new SluiceError('NOT_FOUND', `Block ${cid} is not here.`)
  context.header('cache-control', 'public, max-age=31536000, immutable')
  context.header('etag', `"${cid}"`)
  return binary(context, block)
}

/** The first few providers come at once, the rest while they keep coming. */
async function collectProviders(
  { findProviders }: PublicComponents,
  root: CID,
  closed: AbortSignal,
): Promise<readonly Provider[]> {
  const settled = new AbortController()
  const signal = AbortSignal.any([closed, settled.signal, AbortSignal.timeout(FIND_TIMEOUT_MS)])
  const found: Provider[] = []
  let timer: NodeJS.Timeout | undefined
  try {
    for await (const provider of findProviders(root, signal)) {
      found.push(provider)
      timer ??= setTimeout(() => settled.abort(), SETTLE_MS)
      if (found.length >= MAX_PROVIDERS) break
      if (found.filter(({ url }) => url !== undefined).length >= ENOUGH_PROVIDERS) break
    }
  } finally {
    clearTimeout(timer)
  }
  return found
}

async function answerFile(context: Context, files: StaticFiles | undefined): Promise<Response> {
  const file = await files?.find(new URL(context.req.url).pathname)
  if (file === undefined) throw new SluiceError('NOT_FOUND', 'Nothing here.')
  return new Response(context.req.method === 'HEAD' ? null : await file.read(), {
    status: file.status,
    headers: file.headers,
  })
}

/** Any page may ask; nothing here depends on who it is, so no credentials are allowed. */
const openToPages: MiddlewareHandler = async (context, next) => {
  context.header('access-control-allow-origin', '*')
  context.header('access-control-expose-headers', 'accept-ranges, content-range, etag, retry-after, sluice-slices')
  context.header('x-content-type-options', 'nosniff')
  context.header('content-security-policy', "default-src 'none'; sandbox")
  if (context.req.method !== 'OPTIONS') return next()
  context.header('access-control-allow-methods', 'GET, HEAD, POST')
  context.header('access-control-allow-headers', 'content-type, range')
  context.header('access-control-max-age', '86400')
  return context.body(null, 204)
}

function limited(limiter: RateLimiter): MiddlewareHandler {
  return async (context, next) => {
    if (limiter.take(prefixOf(context))) return next()
    throw new SluiceError('RATE_LIMITED', 'Too many requests from this network; try again in a minute.')
  }
}

function prefixOf(context: Context): string {
  return addressPrefix(getConnInfo(context).remote.address)
}

function within(context: Context, timeoutMs: number): AbortSignal {
  return AbortSignal.any([context.req.raw.signal, AbortSignal.timeout(timeoutMs)])
}

function binary(context: Context, bytes: Uint8Array): Response {
  context.header('content-type', 'application/octet-stream')
  return context.body(new Uint8Array(bytes))
}
