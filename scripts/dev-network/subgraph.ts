import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { isAddressEqual } from 'viem'
import type { Address } from 'viem'
import { CONTRACT_NAMES, contractsBy } from '../../sdk/src/chain/index.ts'
import type { SluiceContracts } from '../../sdk/src/chain/index.ts'
import { readManifest } from '../../subgraph/runner/src/host/index.ts'
import { ROOT } from '../lib/paths.ts'
import { buildOnce } from './build-once.ts'
import type { DevChain } from './chain.ts'
import { stopChild } from './stop-child.ts'

/** Where the built subgraph lies. */
export const BUILD_DIRECTORY = join(ROOT, 'subgraph/build')
export const RUNNER = join(ROOT, 'subgraph/runner/src/bin.ts')
/** What is on that file's first line, which a process started through it by name would have. */
export const RUNNER_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=80']
export const RUNNER_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' }

/** Compiles the subgraph's mappings, unless the last build had the same inputs. */
export function buildSubgraph(signal: AbortSignal): Promise<void> {
  return buildOnce(
    {
      name: 'The subgraph',
      workspace: '@sluice/subgraph',
      inputs: ['subgraph/{src,abis,generated}/**/*', 'subgraph/*.{json,graphql,yaml}', 'package-lock.json'],
      stamp: 'subgraph/build/sluice-build',
    },
    signal,
  )
}

export type RunningIndex = {
  /** Where GraphQL queries are POSTed to. */
  readonly url: string
  stop(): Promise<void>
}

/** Starts the index of a dev network as a process of its own. Rejects with its last words if it ends early. */
export async function startIndex(chain: DevChain, directory: string): Promise<RunningIndex> {
  requireKnownAddresses(chain.contracts)
  const options = ['--rpc', chain.rpcUrl, '--database', join(directory, 'index.db'), '--name', 'sluice', '--port', '0']
  const arguments_ = [...RUNNER_FLAGS, RUNNER, BUILD_DIRECTORY, ...options]
  const env = { ...process.env, ...RUNNER_ENVIRONMENT }
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.pipe(createWriteStream(join(directory, 'index.log'), { flags: 'a' }))
  return { url: await waitForUrl(child), stop: () => stopChild(child, ended) }
}

/** A build for other addresses than the chain's would watch them in vain. */
function requireKnownAddresses(contracts: SluiceContracts): void {
  const built = readIndexedContracts()
  for (const key of Object.keys(CONTRACT_NAMES) as (keyof SluiceContracts)[]) {
    if (isAddressEqual(built[key], contracts[key])) continue
    throw new Error(
      `${BUILD_DIRECTORY} is for ${CONTRACT_NAMES[key]} at ${built[key]}, and the chain has it at ${contracts[key]}. ` +
        'If it was built for another chain, delete it and start again; else subgraph/networks.json is out of date.',
    )
  }
}

/** Where the built subgraph looks for the contracts. */
export function readIndexedContracts(): SluiceContracts {
  const { dataSources } = readManifest(BUILD_DIRECTORY)
  return contractsBy((name) => dataSources.find((source) => source.name === CONTRACT_NAMES[name])?.address as Address)
}

/** Where a runner that was started answers, once it does. */
export function waitForUrl(child: ChildProcess): Promise<string> {
  let words = ''
  return new Promise((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      words = (words + chunk.toString()).slice(-4096)
      const url = /^Serving \S+ on (\S+)$/m.exec(words)?.[1]
      if (url !== undefined) resolve(url)
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`The index ended with code ${code} before it was ready:\n${words}`)))
  })
}
