import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import {
  BUILD_DIRECTORY,
  RUNNER,
  RUNNER_ENVIRONMENT,
  RUNNER_FLAGS,
  buildSubgraph,
  readIndexedContracts,
  waitForUrl,
} from '../dev-network/subgraph.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { startWorker } from './harness/worker.ts'
import { peakMemory } from './support/process-memory.ts'
import type { ChainRpc } from './workers/chain-rpc.ts'

const EVENTS = 100_000
const EVENTS_PER_BLOCK = 20
const POLL_MS = 100
/** All threads of the runner share one core; the chain has another to itself. */
const RUNNER_CORE = String(availableParallelism() - 1)
const CHAIN_CORE = '0'

/**
 * How fast the runner indexes the contracts' subgraph over a chain that it has not seen: from when it serves, to when its last
 * event can be asked for, with what fetching takes; and the most memory that its process ever took.
 */
export const indexRate: Measurement = {
  names: ['index.rate', 'index.memory'],
  limitMs: 240_000,
  missing: () => (process.platform === 'linux' ? undefined : 'cores are chosen and memory is read on Linux only'),
  async run(bench) {
    await buildSubgraph(bench.signal)
    const chain = startWorker<ChainRpc>(bench, 'chain-rpc', [])
    const { url, head } = await chain.call('start', readIndexedContracts(), EVENTS, EVENTS_PER_BLOCK)
    await promisify(execFile)('taskset', ['--all-tasks', '--cpu-list', '--pid', CHAIN_CORE, String(chain.pid)])
    const runner = await startRunner(bench, url)
    await reachHead(bench, runner.url, head)
    const seconds = (performance.now() - runner.startedAt) / 1000
    const peak = await peakMemory(runner.pid)
    return [
      { name: 'index.rate', value: EVENTS / seconds, unit: 'events/s' },
      { name: 'index.memory', value: peak / 2 ** 20, unit: 'MiB' },
    ]
  },
}

type Runner = { readonly pid: number; readonly url: string; readonly startedAt: number }

async function startRunner(bench: Bench, rpcUrl: string): Promise<Runner> {
  const before = ['--cpu-list', RUNNER_CORE, process.execPath, ...RUNNER_FLAGS, ...profilingFlags()]
  const database = join(await bench.directory(), 'index.db')
  const options = ['--rpc', rpcUrl, '--database', database, '--port', '0']
  const env = { ...process.env, ...RUNNER_ENVIRONMENT }
  const child = spawn('taskset', [...before, RUNNER, BUILD_DIRECTORY, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  })
  const ended = once(child, 'exit')
  bench.cleanup(async () => {
    child.kill()
    await ended
  })
  // From here on it indexes.
  const url = await waitForUrl(child)
  return { pid: child.pid ?? 0, url, startedAt: performance.now() }
}

function profilingFlags(): string[] {
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
