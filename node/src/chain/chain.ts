import { checkChain } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { DatabaseSync } from 'node:sqlite'
import type { NodeConfig } from '../config.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/index.ts'
import { createChainClients } from './clients.ts'
import type { ChainClients } from './clients.ts'
import { createEntitlements } from './entitlements.ts'
import type { Entitlements } from './entitlements.ts'
import { createSessions } from './sessions.ts'
import type { Sessions } from './sessions.ts'
import { ChainWatcher } from './watcher.ts'

/** Everything a node knows of its chain. */
export type NodeChain = ChainClients & {
  readonly watcher: ChainWatcher
  readonly entitlements: Entitlements
  readonly sessions: Sessions
}

export type ChainOptions = {
  readonly config: NodeConfig['chain']
  readonly operator: PrivateKeyAccount
  readonly store: Pick<Store, 'get' | 'blocks'>
  readonly database: DatabaseSync
  readonly log: Log
}

/**
 * Connects to the chain; its watcher is started once everybody listens.
 * @throws RPC_UNREACHABLE, WRONG_CHAIN: without its chain a node does not start.
 */
export async function createChain({ config, operator, store, database, log }: ChainOptions): Promise<NodeChain> {
  const clients = createChainClients(config, operator)
  const { publicClient } = clients
  const { chainId, contracts, pollIntervalMs, rpcUrl } = config
  await checkChain(publicClient, { chainId, contracts }).catch((error: unknown) => {
    throw explain(error, rpcUrl)
  })
  const cursor = createCursor(database, `chain.${chainId}.${contracts.channels.toLowerCase()}.cursor`)
  const head = await publicClient.getBlockNumber()
  const watcher = new ChainWatcher({ client: publicClient, contracts, pollIntervalMs, cursor, log }, head)
  return {
    ...clients,
    watcher,
    entitlements: createEntitlements({ client: publicClient, contracts, watcher, store }),
    sessions: createSessions(publicClient, contracts, watcher),
  }
}

function createCursor(database: DatabaseSync, name: string) {
  const select = database.prepare('SELECT value FROM settings WHERE name = ?')
  const upsert = database.prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value')
  return {
    load(): bigint | undefined {
      const value = select.get(name)?.['value']
      return typeof value === 'string' ? BigInt(value) : undefined
    },
    save: (block: bigint): void => void upsert.run(name, String(block)),
  }
}

function explain(error: unknown, rpcUrl: string): unknown {
  if (!(error instanceof SluiceError)) return error
  const where = new URL(rpcUrl).host
  const hint =
    error.code === 'RPC_UNREACHABLE'
      ? `Is the chain at ${where} running? Its address is chain.rpc_url (SLUICE_RPC_URL).`
      : `Check chain.id and the contracts' addresses against the chain at ${where}.`
  return new SluiceError(error.code, error.message, { cause: error, hint, details: error.details })
}
