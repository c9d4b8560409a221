import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'smol-toml'
import { devAccount } from './accounts.ts'
import type { Role } from './accounts.ts'
import type { DevChain } from './chain.ts'
import { stopChild } from './stop-child.ts'

const SLUICE = fileURLToPath(new URL('../../node/bin/sluice.mjs', import.meta.url))
/** The flags on that file's first line, which a process started through it by name would have. */
export const SLUICE_FLAGS = ['--max-semi-space-size=2']
const DEV_SUBMITTER = { submit: true, min_batch: 8, max_wait_seconds: 2, daily_budget: '1000000000000000000' }

/** How one node of the dev network differs from the others. */
export type NodePlan = {
  readonly name: Extract<Role, 'creator' | 'seeder-1' | 'seeder-2' | 'consumer'>
  readonly roles: readonly ('seeder' | 'keeper' | 'bootstrap')[]
  /** Port of the public listener; 0 for a free one. */
  readonly publicPort: number
}

/** A running node, as the ready file describes it. */
export type DevNode = {
  readonly name: NodePlan['name']
  readonly peerId: string
  readonly apiUrl: string
  readonly apiToken: string
  readonly publicUrl: string
  readonly multiaddrs: readonly string[]
  /** Announce URLs that the node uses, its own tracker’s first. */
  readonly trackers: readonly string[]
  readonly dataDir: string
  readonly pid: number
}

/** What the `start` command reports to the process that forked it. */
type Ready = Omit<DevNode, 'name' | 'apiToken' | 'dataDir' | 'pid'> & { readonly type: 'ready' }

export type NodeOptions = {
  readonly chain: DevChain
  readonly directory: string
  readonly bootstrap: readonly string[]
  /** What the torrents' swarms are joined by; undefined where they are not. */
  readonly trackers?: readonly string[]
  readonly appDirectory?: string
  /** GraphQL endpoint that the nodes tell pages of. */
  readonly indexUrl?: string
}

export type RunningNode = {
  readonly node: DevNode
  /** Asks the node to end, and ends it when it does not. */
  stop(): Promise<void>
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
}

/**
 * Writes a node's configuration and starts it as a process of its own. Rejects with its last words if it ends early.
 */
export async function startNode(plan: NodePlan, options: NodeOptions): Promise<RunningNode> {
  const dataDir = join(options.directory, plan.name)
  const config = join(dataDir, 'sluice.toml')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await writeFile(config, stringify(describeNode(plan, options, dataDir)), { mode: 0o600 })
  return forkNode(plan.name, dataDir)
}

/** Starts a node again on the directory that it left, after it was stopped or killed. */
export async function forkNode(name: NodePlan['name'], dataDir: string): Promise<RunningNode> {
  const command = [...SLUICE_FLAGS, SLUICE, 'start', '--config', join(dataDir, 'sluice.toml')]
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  child.stdout?.pipe(createWriteStream(join(dataDir, 'node.log'), { flags: 'a' }))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const { type: _type, ...ready } = await waitForReady(name, child)
  const apiToken = (await readFile(join(dataDir, 'admin.token'), 'utf8')).trim()
  const node = { name, apiToken, dataDir, pid: child.pid ?? 0, ...ready }
  return { node, ended, stop: () => stopChild(child, ended) }
}

function describeNode(plan: NodePlan, options: NodeOptions, dataDir: string) {
  const { chain, bootstrap, trackers, appDirectory, indexUrl } = options
  const { rpcUrl, chainId, contracts } = chain
  return {
    name: plan.name,
    data_dir: dataDir,
    roles: [...plan.roles],
    ...(appDirectory === undefined ? {} : { app_dir: appDirectory }),
    ...(indexUrl === undefined ? {} : { index_url: indexUrl }),
    chain: { rpc_url: rpcUrl, id: chainId, ...contracts, poll_interval_ms: 200 },
    p2p: {
      listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
      bootstrap: [...bootstrap],
      private_network: true,
    },
    public: { host: '127.0.0.1', port: plan.publicPort },
    admin: { host: '127.0.0.1', port: 0 },
    // Cheap enough that short samples are worth a channel with every seeder; on a real chain the default factor holds.
    price: { amount: '1000000000000' },
    exchange: { min_channel_factor: 0, challenge_seconds: 3600 },
    replication: { policy: 'any', accept: plan.roles.includes('seeder') ? 'any' : 'none', grace_seconds: 0 },
    // One tracker is enough for all of them: the node from which the others start.
    torrent: trackers === undefined ? {} : describeTorrent(trackers, plan.roles.includes('bootstrap')),
    // One node pays for what wallets say; soon, so that a newcomer sees it settle.
    social: plan.roles.includes('bootstrap') ? DEV_SUBMITTER : {},
    keystore: {
      passphrase: randomBytes(16).toString('hex'),
      operator_key: devAccount(plan.name).privateKey,
    },
  }
}

function describeTorrent(trackers: readonly string[], tracker: boolean) {
  return { enabled: true, port: 0, trackers: [...trackers], tracker, tracker_port: 0 }
}

async function waitForReady(name: string, child: ChildProcess): Promise<Ready> {
  let words = ''
  const listen = (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4096))
  child.stdout?.on('data', listen)
  child.stderr?.on('data', listen)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) =>
      reject(new Error(`Node ${name} ended with code ${code} before it was ready:\n${words}`)),
    )
    child.on('message', (message) => {
      if (isReady(message)) resolve(message)
    })
  })
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready'
}
