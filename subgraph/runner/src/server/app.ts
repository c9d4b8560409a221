import { Hono } from 'hono'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { DEFAULT_LIMITS, queryErrors } from '../graphql/index.ts'
import type { BlockSource, Executor, QueryResponse } from '../graphql/index.ts'
import type { QueryMetrics, QueryResult } from './metrics.ts'
import { OVERLOADED_MESSAGE } from './overloaded.ts'
import { BadRequest, readQuery } from './request.ts'
import { createResponseCache } from './response-cache.ts'

export declare namespace createApp {
  type Options = {
    readonly executor: Pick<Executor, 'execute'>
    readonly blocks: Pick<BlockSource, 'head'>
    /** Answered at `/subgraphs/name/<name>`; it may have slashes. */
    readonly name: string
    /** Answered at `/subgraphs/id/<deployment>`. */
    readonly deployment: string
    readonly metrics: QueryMetrics
    /** The rest of `/metrics`. */
    readonly readMetrics: () => Promise<string>
    /** Told of faults, which clients are not. */
    readonly onFault: (error: unknown) => void
    readonly maxBodyBytes?: number
    readonly maxAnswerBytes?: number
    /** Changes with everything that answers are read from; without it none is kept. */
    readonly version?: () => string
    /** Queries being read at once; one more is told to come again. */
    readonly maxUnderWay?: number
  }
}

const MAX_BODY_BYTES = 100_000
const MAX_UNDER_WAY = 256
const FAILED = 'the server failed; its log says why'
const CACHED_BYTES = 8 * 2 ** 20

type Answer = {
  readonly body: string
  readonly status: 200 | 400 | 413 | 500 | 503
  readonly result: QueryResult
}

/**
 * The paths graph-node serves queries at, `/`, `/healthz` and `/metrics`. As in graph-node an answer is 200 whether it has
 * data or errors; other statuses tell of requests that hold no query, and of faults. Pages of any origin may ask.
 */
export function createApp(options: createApp.Options): Hono {
  const app = new Hono()
  const answer = createAnswerer(options)
  const serve = async (context: Context) => {
    const { body, status } = await answer(context.req.raw)
    return context.body(body, status, { 'Content-Type': 'application/json' })
  }
  app.use(
    cors({
      origin: '*',
      allowMethods: ['GET', 'POST', 'OPTIONS'],
      allowHeaders: ['Content-Type', 'User-Agent'],
      maxAge: 86_400,
    }),
  )
  app.post('/', serve)
  app.post('/graphql', serve)
  app.post(`/subgraphs/id/${options.deployment}`, serve)
  app.post(`/subgraphs/name/${options.name}`, serve)
  app.get('/healthz', (context) => {
    const head = options.blocks.head()
    return head === undefined
      ? context.json({ status: 'starting' }, 503)
      : context.json({ status: 'ok', block: { number: head.number, hash: head.hash } })
  })
  app.get('/metrics', async (context) => {
    const text = `${await options.metrics.text()}\n${await options.readMetrics()}`
    return context.text(text, 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' })
  })
  app.notFound((context) => context.json(failure('There is nothing here; queries are POSTed to /'), 404))
  app.onError((error, context) => {
    options.onFault(error)
    return context.json(failure(FAILED), 500)
  })
  return app
}

function createAnswerer(options: createApp.Options): (request: Request) => Promise<Answer> {
  const { executor, metrics, onFault, maxBodyBytes = MAX_BODY_BYTES, maxUnderWay = MAX_UNDER_WAY } = options
  const { maxAnswerBytes = DEFAULT_LIMITS.maxBytes } = options
  const cache = createResponseCache(CACHED_BYTES)
  const refuse = (message: string, status: Answer['status'], result: QueryResult): Answer => ({
    body: JSON.stringify(failure(message)),
    status,
    result,
  })
  const run = async (request: Request): Promise<Answer> => {
    try {
      const query = await readQuery(request, maxBodyBytes)
      const execute = () => toBody(executor.execute(query), maxAnswerBytes)
      const body = options.version === undefined ? execute() : cache.get(query, options.version(), execute)
      return { body, status: 200, result: body.startsWith('{"data"') ? 'data' : 'errors' }
    } catch (error) {
      if (error instanceof BadRequest) return refuse(error.message, error.status, 'refused')
      onFault(error)
      return refuse(FAILED, 500, 'failed')
    }
  }
  let underWay = 0
  return async (request) => {
    if (underWay >= maxUnderWay) {
      metrics.answered('refused', 0)
      return refuse(OVERLOADED_MESSAGE, 503, 'refused')
    }
    const started = performance.now()
    underWay += 1
    metrics.underWay(1)
    try {
      const answer = await run(request)
      metrics.answered(answer.result, (performance.now() - started) / 1000)
      return answer
    } finally {
      underWay -= 1
      metrics.underWay(-1)
    }
  }
}

/** The answer as text, or in its place that it is too long. */
function toBody(response: QueryResponse, maxBytes: number): string {
  const body = JSON.stringify(response)
  return Buffer.byteLength(body) <= maxBytes
    ? body
    : JSON.stringify(failure(queryErrors.tooManyBytes(maxBytes).message))
}

function failure(message: string): QueryResponse {
  return { errors: [{ message }] }
}
