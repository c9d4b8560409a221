import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { devAccount } from './accounts.ts'
import type { DevAccount } from './accounts.ts'
import { APP_DIRECTORY, buildApp } from './app.ts'
import { startChain } from './chain.ts'
import type { DevChain } from './chain.ts'
import { startNode } from './nodes.ts'
import type { DevNode, NodePlan, RunningNode } from './nodes.ts'
import { buildSubgraph, startIndex } from './subgraph.ts'
import type { RunningIndex } from './subgraph.ts'

const ACCOUNT_ROLES = ['creator', 'seeder-1', 'seeder-2', 'consumer', 'consumer-2'] as const

export type DevNetworkOptions = {
  /** Whether the nodes serve the dApp, which is built first where it changed. */
  readonly app: boolean
  /** Whether an index runs beside the nodes, built first where it changed; none does unless asked for. */
  readonly index?: boolean
  /** Port of the consumer's public listener, where the dApp is; 0 for a free one. */
  readonly port: number
  /** Whether the nodes take part in the torrents' swarms; they do unless told otherwise. */
  readonly torrents?: boolean
  readonly signal: AbortSignal
  /** Told what is happening, one line a step. */
  readonly onStep?: (line: string) => void
}

export type DevNetwork = {
  readonly chain: DevChain
  readonly nodes: readonly DevNode[]
  readonly accounts: readonly DevAccount[]
  /** Where the dApp is served, when it is. */
  readonly appUrl: string | undefined
  /** Where the index answers GraphQL, when one runs. */
  readonly indexUrl: string | undefined
  node(name: NodePlan['name']): RunningNode
  /** Puts another process behind a node's name, after the first one was killed. */
  replace(running: RunningNode): void
  /** Ends every process and removes every file. */
  stop(): Promise<void>
}

/** A whole network on this machine: chain, contracts, four nodes (three of them keepers), and the dApp. */
export async function startDevNetwork(options: DevNetworkOptions): Promise<DevNetwork> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-'))
  const running = new Map<string, RunningNode>()
  const undo: Undo = [() => rm(directory, { recursive: true, force: true })]
  const stop = async () => {
    await Promise.all([...running.values()].map((node) => node.stop()))
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const base = await startBase(options, directory, undo)
    await startNodes(options, base, directory, running)
    return describe(base, running, options, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

type Undo = (() => Promise<void>)[]

/** What the nodes stand on. */
type Base = { readonly chain: DevChain; readonly index: RunningIndex | undefined }

async function startBase(options: DevNetworkOptions, directory: string, undo: Undo): Promise<Base> {
  const { signal, onStep = () => undefined } = options
  const [chain] = await Promise.all([
    startChain().then((started) => {
      undo.push(() => started.stop())
      onStep(`chain and contracts up at ${started.rpcUrl}`)
      return started
    }),
    options.app ? buildApp(signal).then(() => onStep('dApp built')) : undefined,
    options.index === true ? buildSubgraph(signal).then(() => onStep('subgraph built')) : undefined,
  ])
  if (options.index !== true) return { chain, index: undefined }
  const index = await startIndex(chain, directory)
  undo.push(() => index.stop())
  onStep(`index up at ${index.url}`)
  return { chain, index }
}

async function startNodes(
  { app, port, signal, torrents = true, onStep = () => undefined }: DevNetworkOptions,
  { chain, index }: Base,
  directory: string,
  running: Map<string, RunningNode>,
): Promise<void> {
  const shared = {
    chain,
    directory,
    ...(app ? { appDirectory: APP_DIRECTORY } : {}),
    ...(index === undefined ? {} : { indexUrl: index.url }),
  }
  for (const plan of plans(port)) {
    signal.throwIfAborted()
    const bootstrap = [...running.values()].flatMap(({ node }) => node.multiaddrs.slice(0, 1))
    const trackers = [...running.values()].flatMap(({ node }) => node.trackers).slice(0, 1)
    running.set(plan.name, await startNode(plan, { ...shared, bootstrap, ...(torrents ? { trackers } : {}) }))
    onStep(`node ${plan.name} up`)
  }
}

function plans(port: number): NodePlan[] {
  return [
    { name: 'creator', roles: ['seeder', 'keeper', 'bootstrap'], publicPort: 0 },
    { name: 'seeder-1', roles: ['seeder', 'keeper'], publicPort: 0 },
    { name: 'seeder-2', roles: ['seeder', 'keeper'], publicPort: 0 },
    { name: 'consumer', roles: [], publicPort: port },
  ]
}

function describe(
  { chain, index }: Base,
  running: Map<string, RunningNode>,
  { app }: DevNetworkOptions,
  stop: () => Promise<void>,
): DevNetwork {
  const node = (name: string): RunningNode => {
    const found = running.get(name)
    if (found === undefined) throw new Error(`the dev network has no node ${name}`)
    return found
  }
  return {
    chain,
    get nodes() {
      return [...running.values()].map((entry) => entry.node)
    },
    accounts: ACCOUNT_ROLES.map(devAccount),
    appUrl: app ? node('consumer').node.publicUrl : undefined,
    indexUrl: index?.url,
    node,
    replace: (replacement) => void running.set(replacement.node.name, replacement),
    stop,
  }
}
