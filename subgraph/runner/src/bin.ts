#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 node --max-semi-space-size=8 --heap-growing-percent=80
// What is read of a chain is garbage soon after, in V8's heap and outside of it. The flags have V8 collect it before
// the heap has doubled; the variables have glibc give back what was freed, where several threads' arenas and a growing
// threshold would keep it.
import { enableCompileCache } from 'node:module'
import { Command, InvalidArgumentError } from 'commander'

// What takes the types out of the sources needs tens of MiB; with a cache it is not even loaded the next time.
enableCompileCache()
const { RunnerError, startRunner } = await import('./index.ts')

type Flags = {
  rpc: string[]
  database: string
  name: string
  host: string
  port: number
  startBlock?: number
  keepBlocks?: number
  pollMs?: number
}

function parseCount(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value
  throw new InvalidArgumentError('It is not a number.')
}

async function run(build: string, flags: Flags): Promise<void> {
  const abort = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort())
  const { rpc: rpcUrls, ...rest } = flags
  const log = (level: string, message: string) => console.error(`${new Date().toISOString()} ${level} ${message}`)
  const runner = await startRunner({ build, rpcUrls, ...rest, log, signal: abort.signal })
  console.log(`Serving ${flags.name} on ${runner.url}`)
  await runner.ended
}

const program = new Command('subgraph-runner')
  .description('Indexes a subgraph that "graph build" has built, and serves its GraphQL, in one process.')
  .argument('<build>', 'the directory with subgraph.yaml and the WASM')
  .requiredOption('--rpc <url...>', 'JSON-RPC endpoints of the chain; those with ws:// only tell of new blocks')
  .requiredOption('--database <file>', 'the SQLite file to keep the index in')
  .option('--name <name>', 'the name in /subgraphs/name/NAME', 'subgraph')
  .option('--host <address>', 'where to listen', '127.0.0.1')
  .option('--port <port>', 'where to listen', parseCount, 8000)
  .option('--start-block <number>', 'index no block before', parseCount)
  .option('--keep-blocks <number>', 'how many blocks back queries may ask for', parseCount)
  .option('--poll-ms <number>', "milliseconds between two looks at the chain's head", parseCount)
  .action(run)

try {
  await program.parseAsync()
} catch (error) {
  console.error(error instanceof RunnerError ? `${error.code}: ${error.message}` : error)
  process.exitCode = 1
}
