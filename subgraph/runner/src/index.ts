import { follow } from './chain/follow.ts'
import type { FollowState } from './chain/follow.ts'
import { subscribeNewHeads } from './chain/new-heads.ts'
import { createRpc } from './chain/rpc.ts'
import type { Rpc } from './chain/rpc.ts'
import { createChainSource } from './chain/source.ts'
import { createSync } from './chain/sync.ts'
import type { Sync } from './chain/sync.ts'
import { createHost, readManifest } from './host/index.ts'
import type { Host, LogLevel } from './host/index.ts'
import type { Manifest } from './host/manifest.ts'
import { createIndexMetrics } from './metrics.ts'
import { parseSchema } from './schema/index.ts'
import { startServer } from './server/index.ts'
import { openStore } from './storage/store.ts'
import type { Store } from './storage/store.ts'

export { RunnerError } from './errors.ts'
export type { RunnerErrorCode } from './errors.ts'

/** A subgraph that is being indexed and served. */
export type Runner = {
  /** Where queries are POSTed to. */
  readonly url: string
  /** Resolves when the index first is where the chain is. */
  readonly ready: Promise<void>
  /** Why indexing does not go on at the moment, if so; it is tried again and again. */
  readonly failure: () => unknown
  /** The last block that can be asked for. */
  readonly head: () => number | undefined
  /**
   * Resolves once it is closed. Rejects with SERVER_FAILED when queries cannot be answered any more; all is closed
   * then.
   */
  readonly ended: Promise<void>
  /** Ends indexing at the end of a block, and serving. Safe to call twice. */
  readonly close: () => Promise<void>
}

export declare namespace startRunner {
  type Options = {
    /** The `build` directory that `graph build` has left. */
    readonly build: string
    /**
     * JSON-RPC endpoints. Of those over HTTP, at least one, the first that answers is used until it fails. Those over
     * WebSocket are only asked to tell of new blocks.
     */
    readonly rpcUrls: readonly string[]
    /** The SQLite file; it is made if it is not there, and made anew for another build. */
    readonly database: string
    /** Loopback by default. */
    readonly host?: string | undefined
    /** A free one by default. */
    readonly port?: number | undefined
    /** The subgraph's name, as in `/subgraphs/name/NAME`. */
    readonly name: string
    readonly startBlock?: number | undefined
    /** Between two looks at the chain's head, in milliseconds. */
    readonly pollMs?: number | undefined
    /** How many blocks before the head can be asked for; at least as many as a reorganisation may replace. */
    readonly keepBlocks?: number | undefined
    readonly log?: ((level: LogLevel, message: string) => void) | undefined
    readonly signal?: AbortSignal | undefined
  }
}

const DEFAULT_POLL_MS = 150
const DEFAULT_KEEP_BLOCKS = 10_000
const LEAST_KEPT_BLOCKS = 128
const PRUNED_AT_ONCE = 2_000

/**
 * Indexes a subgraph and serves it as The Graph does. Rejects with MANIFEST_…, SCHEMA_… or MAPPING_… if the build cannot be
 * run, with STORE_FOREIGN for a database of something else, and if the port is taken.
 */
export async function startRunner(options: startRunner.Options): Promise<Runner> {
  const manifest = readManifest(options.build)
  const abort = new AbortController()
  const index = openIndex(options, manifest, abort.signal)
  let readMetrics = () => Promise.resolve('')
  const server = await serve(options, manifest, () => readMetrics()).catch((error: unknown) => {
    index.store.close()
    throw error
  })
  const following = startFollowing(options, index, abort.signal)
  readMetrics = createIndexMetrics({ ...index, following })
  const close = once(async () => {
    abort.abort()
    await following.ended
    await server.close()
    index.store.close()
  })
  options.signal?.addEventListener('abort', () => void close().catch(() => undefined), { once: true })
  if (options.signal?.aborted === true) await close()
  const { failure, atHead: ready } = following
  const ended = server.ended.finally(close)
  ended.catch(() => undefined)
  return { url: server.url, ready, failure, head: () => index.store.head()?.number, ended, close }
}

type Index = { readonly store: Store; readonly host: Host; readonly rpc: Rpc; readonly sync: Sync }

function openIndex(options: startRunner.Options, manifest: Manifest, signal: AbortSignal): Index {
  const { database, rpcUrls, startBlock, log } = options
  const schema = parseSchema(manifest.schema)
  const rpc = createRpc({ urls: rpcUrls.filter((url) => !isWebSocket(url)) })
  const source = createChainSource(rpc, signal)
  const store = openStore(database, schema, manifest.deploymentId)
  try {
    const tell = (level: LogLevel, message: string, from: string) => log?.(level, `${from}: ${message}`)
    const host = createHost({ manifest, schema, store, log: tell })
    return { store, host, rpc, sync: createSync({ source, host, store, startBlock, keepBlocks: keptBlocks(options) }) }
  } catch (error) {
    store.close()
    throw error
  }
}

function serve(options: startRunner.Options, manifest: Manifest, readMetrics: () => Promise<string>) {
  return startServer({
    database: options.database,
    schema: manifest.schema,
    deployment: manifest.deploymentId,
    name: options.name,
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.port === undefined ? {} : { port: options.port }),
    readMetrics,
    onFault: (message) => options.log?.('error', message),
  })
}

function startFollowing(options: startRunner.Options, { sync, store }: Index, signal: AbortSignal): FollowState {
  const urls = options.rpcUrls.filter(isWebSocket)
  return follow({
    sync,
    signal,
    heads: urls.length === 0 ? undefined : subscribeNewHeads({ urls, signal }),
    pollMs: options.pollMs ?? DEFAULT_POLL_MS,
    onHead: () => {
      store.ensureIndexes()
      store.prune(keptBlocks(options), PRUNED_AT_ONCE)
    },
    onFailure: (error) => options.log?.('error', error instanceof Error ? error.message : String(error)),
  })
}

function isWebSocket(url: string): boolean {
  return /^wss?:/i.test(url)
}

function keptBlocks({ keepBlocks = DEFAULT_KEEP_BLOCKS }: startRunner.Options): number {
  return Math.max(LEAST_KEPT_BLOCKS, keepBlocks)
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => (closing ??= close())
}
