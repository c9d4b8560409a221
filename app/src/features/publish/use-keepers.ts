'use client'

import { useQuery } from '@tanstack/react-query'
import { createHttpNetwork } from '@sluice/sdk/client'
import type { KeeperInfo } from '@sluice/sdk/client'
import { originUrl } from '../../web3/origin.ts'

const TIMEOUT_MS = 10_000
/** More keepers make a lockbox larger and an opening slower, and no safer than seven. */
const MAX_KEEPERS = 7

/** The keepers that answer now, one per key. */
export function useKeepers() {
  return useQuery({
    queryKey: ['keepers'],
    queryFn: async ({ signal }) => {
      const network = createHttpNetwork({ origin: originUrl() })
      const keepers = await network.findKeepers({ signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) })
      return distinct(keepers).slice(0, MAX_KEEPERS)
    },
  })
}

function distinct(keepers: readonly KeeperInfo[]): KeeperInfo[] {
  return [...new Map(keepers.map((keeper) => [keeper.publicKey, keeper])).values()]
}

/** How many of `count` keepers should be needed: a majority. */
export function defaultThreshold(count: number): number {
  return Math.floor(count / 2) + 1
}
