import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNodeClient } from '../api/client.ts'
import type { NodeClient } from '../api/client.ts'
import { loadConfig } from '../config.ts'
import type { NodeConfig } from '../config.ts'
import { startDaemon } from '../daemon.ts'
import type { Daemon } from '../daemon.ts'
import type { TestChain } from './chain.ts'
import { quiet } from './peers.ts'
import type { Cleanup } from './peers.ts'

export type TestNode = { readonly daemon: Daemon; readonly api: NodeClient; readonly config: NodeConfig }

/** A node's configuration in a directory of its own, everything on loopback and free ports. */
export async function testConfig(
  cleanup: Cleanup,
  { rpcUrl, chainId, contracts }: Omit<TestChain, 'stop'>,
  overrides: Record<string, unknown> = {},
): Promise<NodeConfig> {
  const directory = await mkdtemp(join(tmpdir(), 'sluice-node-'))
  cleanup.add(() => rm(directory, { recursive: true }))
  return loadConfig({
    environment: {},
    overrides: {
      name: 'test',
      data_dir: directory,
      chain: { rpc_url: rpcUrl, id: chainId, ...contracts, poll_interval_ms: 50 },
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], private_network: true },
      public: { port: 0 },
      admin: { port: 0 },
      storage: { reserve_bytes: 0 },
      keystore: { passphrase: 'correct horse' },
      ...overrides,
    },
  })
}

/** A whole node, started in this process. */
export async function startTestNode(
  cleanup: Cleanup,
  chain: TestChain,
  overrides: Record<string, unknown> = {},
): Promise<TestNode> {
  const config = await testConfig(cleanup, chain, overrides)
  const daemon = await startDaemon(config, { log: quiet })
  cleanup.add(() => daemon.stop())
  return { daemon, config, api: createNodeClient({ url: daemon.apiUrl, token: daemon.apiToken }) }
}
