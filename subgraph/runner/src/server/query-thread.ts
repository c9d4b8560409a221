/** The thread that answers queries: it reads the store's file on a connection of its own, so that indexing never waits. */
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { createExecutor } from '../graphql/index.ts'
import { parseSchema } from '../schema/index.ts'
import { createApp } from './app.ts'
import { listen } from './listen.ts'
import { createQueryMetrics } from './metrics.ts'
import { createStoredBlocks } from './stored-blocks.ts'
import type { FromThread, ThreadOptions, ToThread } from './thread-messages.ts'

const BUSY_TIMEOUT_MS = 1_000
const METRICS_TIMEOUT_MS = 1_000

const options = workerData as ThreadOptions
const send = (message: FromThread) => parentPort?.postMessage(message)

const database = new DatabaseSync(options.database, { readOnly: true, timeout: BUSY_TIMEOUT_MS })
database.exec('PRAGMA cache_size = -8192')
const blocks = createStoredBlocks(database)
const { deployment, name, host, port, limits } = options
const executor = createExecutor({ database, schema: parseSchema(options.schema), blocks, deployment, limits })

const waiting = new Map<number, (text: string) => void>()
let asked = 0

/** Asks the main thread for its part of the metrics; without an answer there is none. */
function readMetrics(): Promise<string> {
  asked += 1
  const id = asked
  const { promise, resolve } = Promise.withResolvers<string>()
  const timer = setTimeout(() => resolve(''), METRICS_TIMEOUT_MS)
  waiting.set(id, resolve)
  send({ type: 'metrics', id })
  return promise.finally(() => {
    clearTimeout(timer)
    waiting.delete(id)
  })
}

const onFault = (error: unknown) =>
  send({ type: 'fault', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
const dataVersion = database.prepare('PRAGMA data_version')
/** Another after every commit of the indexer (https://www.sqlite.org/pragma.html#pragma_data_version). */
const version = () => String(dataVersion.get()?.['data_version'])
const app = createApp({
  executor,
  blocks,
  name,
  deployment,
  metrics: createQueryMetrics(),
  readMetrics,
  onFault,
  version,
  ...(limits.maxBytes === undefined ? {} : { maxAnswerBytes: limits.maxBytes }),
})
const server = await listen(app, host, port)

parentPort?.on('message', (message: ToThread) => {
  if (message.type === 'metrics') waiting.get(message.id)?.(message.text)
  else
    void server.close().finally(() => {
      database.close()
      parentPort?.close()
    })
})
send({ type: 'listening', port: server.port })
