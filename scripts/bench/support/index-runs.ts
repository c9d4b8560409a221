import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { SluiceContracts } from '../../../sdk/src/chain/index.ts'
import {
  BUILD_DIRECTORY,
  RUNNER,
  RUNNER_ENVIRONMENT,
  RUNNER_FLAGS,
  buildSubgraph,
  readIndexedContracts,
  waitForUrl,
} from '../../dev-network/subgraph.ts'
import type { Bench } from '../harness/measurement.ts'
import { startWorker } from '../harness/worker.ts'
import type { ChainRpc } from '../workers/chain-rpc.ts'

export const EVENTS = 100_000
const EVENTS_PER_BLOCK = 20
const POLL_MS = 100
/** All threads of an indexer share one core; the chain has another to itself. */
export const INDEXER_CORE = availableParallelism() - 1
const CHAIN_CORE = 0

/** Why indexing cannot be measured here; undefined when it can. */
export function missingCores(): string | undefined {
  return process.platform === 'linux' ? undefined : 'cores are chosen and memory is read on Linux only'
}

export type BenchChain = { readonly url: string; readonly head: number; readonly contracts: SluiceContracts }

/** The chain that is indexed, behind JSON-RPC; the same on every run. */
export async function startBenchChain(bench: Bench): Promise<BenchChain> {
  await buildSubgraph(bench.signal)
  const chain = startWorker<ChainRpc>(bench, 'chain-rpc', [])
  const contracts = readIndexedContracts()
  const started = await chain.call('start', contracts, EVENTS, EVENTS_PER_BLOCK)
  await promisify(execFile)('taskset', ['--all-tasks', '--cpu-list', '--pid', String(CHAIN_CORE), String(chain.pid)])
  return { ...started, contracts }
}

export type IndexRun = {
  /** From when it serves to when the chain's last event can be asked for. */
  readonly seconds: number
  readonly pid: number
  readonly database: string
  stop(): Promise<void>
}

/** Lets the runner index the whole chain into a database that is new. */
export async function runRunner(bench: Bench, chain: BenchChain): Promise<IndexRun> {
  const before = ['--cpu-list', String(INDEXER_CORE), process.execPath, ...RUNNER_FLAGS, ...profilingFlags()]
  const database = join(await bench.directory(), 'index.db')
  const options = ['--rpc', chain.url, '--database', database, '--port', '0']
  const env = { ...process.env, ...RUNNER_ENVIRONMENT }
  const child = spawn('taskset', [...before, RUNNER, BUILD_DIRECTORY, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const stop = stopAtEnd(bench, child)
  // From here on it indexes.
  const url = await waitForUrl(child)
  const startedAt = performance.now()
  await reachHead(bench, url, chain.head)
  return { seconds: (performance.now() - startedAt) / 1000, pid: child.pid ?? 0, database, stop }
}

/** What ends a child and waits until it has; done with the measurement if not before. */
export function stopAtEnd(bench: Bench, child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): () => Promise<void> {
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    child.kill(signal)
    await ended
  }
  bench.cleanup(stop)
  return stop
}

export function profilingFlags(): string[] {
  return (process.env['BENCH_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '')
}

/** Resolves when the runner has indexed block `head`. */
async function reachHead(bench: Bench, url: string, head: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(new URL('metrics', url), { signal: bench.signal })).text()
    if (Number(/^subgraph_head_block (\d+)$/m.exec(metrics)?.[1]) === head) return
    await delay(POLL_MS, undefined, { signal: bench.signal })
  }
}
