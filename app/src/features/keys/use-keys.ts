'use client'

import { useQuery } from '@tanstack/react-query'
import { readHeldKeys } from '@sluice/sdk/chain'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useIndex } from '../../web3/use-index.ts'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { findEditions } from './find-keys.ts'

/** Somebody may send a key at any time. */
const REFRESH_MS = 20_000

/** The keys of the connected wallet: which there may be is looked up, which there are is read from the chain. */
export function useKeys() {
  const { contracts } = useOrigin()
  const reader = useReader()
  const index = useIndex()
  const { address: holder } = useWallet()
  const editions = useQuery({
    queryKey: [index === undefined ? 'chain' : 'index', 'key-editions', holder],
    queryFn: async ({ signal }) => {
      if (holder === undefined) throw new Error('No wallet is connected.')
      return findEditions(reader, index, { contracts, holder, signal })
    },
    enabled: holder !== undefined,
    refetchInterval: REFRESH_MS,
  })
  const editionIds = editions.data
  const keys = useQuery({
    queryKey: ['chain', 'keys', holder, editionIds?.map(String)],
    queryFn: () => {
      if (holder === undefined || editionIds === undefined) throw new Error('No editions were looked up.')
      return readHeldKeys(reader, { contracts, holder, editionIds })
    },
    enabled: holder !== undefined && editionIds !== undefined,
    // Somebody may buy one that is on offer, and an index may be late to say so.
    refetchInterval: REFRESH_MS,
    // One wallet's list stays while it is looked up again; another wallet's never does.
    placeholderData: (previous, query) => (query?.queryKey[2] === holder ? previous : undefined),
  })
  const retry = () => void (editions.isError ? editions.refetch() : keys.refetch())
  return { holder, keys: keys.data, error: editions.error ?? keys.error, retry }
}
