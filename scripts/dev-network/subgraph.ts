import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAddressEqual } from 'viem'
import type { Address } from 'viem'
import type { SluiceContracts } from '../../sdk/src/chain/index.ts'
import { buildOnce, ROOT } from './build-once.ts'
import type { DevChain } from './chain.ts'
import { stopChild } from './stop-child.ts'

/** Where the built subgraph lies. */
export const BUILD_DIRECTORY = join(ROOT, 'subgraph/build')
export const RUNNER = join(ROOT, 'subgraph/runner/src/bin.ts')
const NETWORKS = join(ROOT, 'subgraph/networks.json')
/** What is on that file's first line, which a process started through it by name would have. */
export const RUNNER_FLAGS = ['--max-semi-space-size=8', '--heap-growing-percent=80']
export const RUNNER_ENVIRONMENT = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072' }
/** What the manifest calls the contracts. */
const CONTRACT_NAMES = {
  registry: 'MetaHashRegistry',
  keys: 'ContentKeys',
  market: 'KeyMarket',
  channels: 'SliceChannels',
  nodes: 'NodeRegistry',
  social: 'SocialGraph',
} as const satisfies Record<keyof SluiceContracts, string>

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
  await requireKnownAddresses(chain.contracts)
  const options = ['--rpc', chain.rpcUrl, '--database', join(directory, 'index.db'), '--name', 'sluice', '--port', '0']
  const arguments_ = [...RUNNER_FLAGS, RUNNER, BUILD_DIRECTORY, ...options]
  const env = { ...process.env, ...RUNNER_ENVIRONMENT }
  const child = spawn(process.execPath, arguments_, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  child.stderr.pipe(createWriteStream(join(directory, 'index.log'), { flags: 'a' }))
  return { url: await waitForUrl(child), stop: () => stopChild(child, ended) }
}

/** The built manifest names the addresses that a fresh chain gives the contracts; others would be watched in vain. */
async function requireKnownAddresses(contracts: SluiceContracts): Promise<void> {
  const expected = await readIndexedContracts()
  for (const [key, name] of Object.entries(CONTRACT_NAMES)) {
    const [known, actual] = [expected[key as keyof SluiceContracts], contracts[key as keyof SluiceContracts]]
    if (!isAddressEqual(known, actual)) {
      throw new Error(
        `subgraph/networks.json has ${name} at ${known}, the chain at ${actual}. Write the new addresses there.`,
      )
    }
  }
}

/** Where the built subgraph looks for the contracts. */
export async function readIndexedContracts(): Promise<SluiceContracts> {
  type Networks = { readonly hardhat: Readonly<Record<string, { readonly address: Address }>> }
  const { hardhat } = JSON.parse(await readFile(NETWORKS, 'utf8')) as Networks
  const found = Object.entries(CONTRACT_NAMES).map(([key, name]) => {
    const address = hardhat[name]?.address
    if (address === undefined) throw new Error(`subgraph/networks.json has no ${name}.`)
    return [key, address]
  })
  return Object.fromEntries(found) as SluiceContracts
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
