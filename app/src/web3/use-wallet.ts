'use client'

import { useMemo } from 'react'
import type { WriteClient } from '@sluice/sdk/chain'
import { createClient, custom } from 'viem'
import type { Address, Client, EIP1193RequestFn, Transport } from 'viem'
import { useConnection, useConnectorClient, usePublicClient } from 'wagmi'
import { useOrigin } from './origin-provider.tsx'
import { chainOf } from './chains.ts'

/** What only the wallet can answer; everything else is read from the node's own RPC endpoint. */
const WALLET_METHODS = new Set([
  'eth_accounts',
  'eth_chainId',
  'eth_requestAccounts',
  'eth_sendTransaction',
  'eth_signTypedData_v4',
  'personal_sign',
])

export type Wallet =
  | { readonly status: 'disconnected'; readonly address?: undefined; readonly client?: undefined }
  | { readonly status: 'wrong-chain'; readonly address: Address; readonly client?: undefined }
  | { readonly status: 'connecting'; readonly address: Address; readonly client?: undefined }
  | { readonly status: 'ready'; readonly address: Address; readonly client: WriteClient }

/** The connected wallet, and a client that writes through it. */
export function useWallet(): Wallet {
  const info = useOrigin()
  const { address, chainId } = useConnection()
  const reader = useReader()
  const { data: connector } = useConnectorClient()
  const client = useMemo(() => {
    if (connector === undefined) return undefined
    return createClient({ account: connector.account, chain: chainOf(info), transport: split(connector, reader) })
  }, [connector, reader, info])
  if (address === undefined) return { status: 'disconnected' }
  if (chainId !== info.chainId) return { status: 'wrong-chain', address }
  return client === undefined ? { status: 'connecting', address } : { status: 'ready', address, client }
}

/** Reads the chain through the node's own RPC endpoint, whatever endpoint the wallet uses. */
export function useReader() {
  const reader = usePublicClient()
  if (reader === undefined) throw new Error('useReader is for what renders inside the wallet provider.')
  return reader
}

/** Sends `method` to the wallet or to the reader, by what each is for. */
export function split(wallet: Client, reader: Client): Transport {
  const request: EIP1193RequestFn = (call: { method: string; params?: unknown }) =>
    (WALLET_METHODS.has(call.method) ? wallet : reader).request(call as never)
  return custom({ request }, { retryCount: 0 })
}
