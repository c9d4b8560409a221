import { defineChain } from 'viem'
import type { Chain } from 'viem'
import type { OriginInfo } from './origin.ts'

const NAMES: Readonly<Record<number, string>> = {
  1: 'Ethereum',
  10: 'OP Mainnet',
  100: 'Gnosis',
  137: 'Polygon',
  8453: 'Base',
  8888: 'Local chain',
  31337: 'Local chain',
  42161: 'Arbitrum One',
  84532: 'Base Sepolia',
  11155111: 'Sepolia',
}

const COINS: Readonly<Record<number, { name: string; symbol: string }>> = {
  100: { name: 'xDAI', symbol: 'xDAI' },
  137: { name: 'POL', symbol: 'POL' },
}

/** The one chain that this page works with: the one its node is on. */
export function chainOf({ chainId, rpcUrl }: OriginInfo): Chain {
  return defineChain({
    id: chainId,
    name: NAMES[chainId] ?? `Chain ${String(chainId)}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', ...COINS[chainId], decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
}
