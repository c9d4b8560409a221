import { Worker } from 'node:worker_threads'
import { RunnerError } from '../errors.ts'
import type { Limits } from '../graphql/index.ts'
import { listeningPort } from './listening-port.ts'
import type { FromThread, ThreadOptions, ToThread } from './thread-messages.ts'

export declare namespace startServer {
  type Options = Omit<ThreadOptions, 'limits' | 'host' | 'port'> & {
    /** Loopback unless told otherwise. */
    readonly host?: string
    /** Any free one unless told otherwise. */
    readonly port?: number
    readonly limits?: Partial<Limits>
    /** What the thread may hold of JavaScript's objects, in megabytes; it ends when that is not enough. */
    readonly heapMb?: number
    /** Flags of Node for the thread; the process's own by default. */
    readonly execArgv?: readonly string[]
    /** The indexer's metrics in Prometheus's text format, for `/metrics`. */
    readonly readMetrics?: () => Promise<string>
    /** Told of a request that failed by no fault of its own, and of the thread's end. */
    readonly onFault?: (message: string) => void
  }
}

export type QueryServer = {
  /** Where queries are POSTed to. */
  readonly url: string
  /** Resolves once it is closed; rejects with SERVER_FAILED if its thread ends before. */
  readonly ended: Promise<void>
  readonly close: () => Promise<void>
}

const LOOPBACK = '127.0.0.1'
/** As the indexer's thread has it: what a query makes is garbage with its answer, and need not wait in much memory. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 1_024 }
/** A server that is told to close and does not is stopped after this long. */
const CLOSE_TIMEOUT_MS = 5_000

/**
 * Starts answering queries over HTTP, in a thread of its own. The database must have the store's tables already.
 * Rejects when the thread cannot start: the port is taken, or the database is not the store's.
 */
export async function startServer(options: startServer.Options): Promise<QueryServer> {
  const { host = LOOPBACK, port = 0, limits = {}, heapMb, execArgv, readMetrics, onFault, ...rest } = options
  const workerData: ThreadOptions = { ...rest, host, port, limits }
  const worker = new Worker(new URL('./query-thread.ts', import.meta.url), {
    workerData,
    ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
    resourceLimits: { ...RESOURCE_LIMITS, ...(heapMb === undefined ? {} : { maxOldGenerationSizeMb: heapMb }) },
  })
  const tell = (message: ToThread) => worker.postMessage(message)
  worker.on('message', (message: FromThread) => {
    if (message.type === 'fault') onFault?.(message.message)
    if (message.type !== 'metrics') return
    const { id } = message
    const text = readMetrics?.() ?? Promise.resolve('')
    text
      .catch(() => '')
      .then(
        (read) => tell({ type: 'metrics', id, text: read }),
        () => undefined,
      )
  })
  const bound = await listeningPort(worker)
  worker.on('error', (error: Error) => onFault?.(error.stack ?? error.message))
  const exit = Promise.withResolvers<boolean>()
  let isClosing = false
  worker.once('exit', () => exit.resolve(isClosing))
  const ended = exit.promise.then((isClosed) => {
    if (!isClosed) throw new RunnerError('SERVER_FAILED', 'The thread that answers queries has ended.')
  })
  ended.catch(() => undefined)
  return {
    ended,
    url: `http://${reachable(host)}:${bound}/`,
    async close() {
      if (worker.threadId === -1) return
      isClosing = true
      tell({ type: 'close' })
      const timer = setTimeout(() => void worker.terminate(), CLOSE_TIMEOUT_MS)
      await exit.promise
      clearTimeout(timer)
    },
  }
}

/** A wildcard address listens but cannot be dialled. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return LOOPBACK
  if (host === '::') return '[::1]'
  return host.includes(':') ? `[${host}]` : host
}
