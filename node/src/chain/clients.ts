import { createPublicClient, createWalletClient, defineChain, http, webSocket } from 'viem'
import type { Chain, PublicClient, Transport, WalletClient } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import type { NodeConfig } from '../config.ts'
import { serialWallet } from './serial-wallet.ts'

const RPC_TIMEOUT_MS = 10_000

export type ChainClients = {
  readonly publicClient: PublicClient<Transport, Chain>
  /** The operator's; sends one transaction at a time, so that nonces do not collide. */
  readonly walletClient: WalletClient<Transport, Chain, PrivateKeyAccount>
}

/** Clients of the node's chain; reads of the same moment travel as one JSON-RPC batch. Asks nothing yet. */
export function createChainClients(config: NodeConfig['chain'], operator: PrivateKeyAccount): ChainClients {
  const { rpcUrl, chainId, pollIntervalMs } = config
  const transport = /^wss?:/.test(rpcUrl)
    ? webSocket(rpcUrl, { timeout: RPC_TIMEOUT_MS })
    : http(rpcUrl, { timeout: RPC_TIMEOUT_MS, batch: true, retryCount: 1 })
  const chain = defineChain({
    id: chainId,
    name: `chain ${chainId}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const shared = { chain, transport, pollingInterval: pollIntervalMs, cacheTime: 0 }
  // With the types said rather than inferred, the compiler need not compare two clients member by member: seconds of a check.
  return {
    publicClient: createPublicClient<Transport, Chain>(shared),
    walletClient: serialWallet(
      createWalletClient<Transport, Chain, PrivateKeyAccount>({ ...shared, account: operator }),
    ),
  }
}
