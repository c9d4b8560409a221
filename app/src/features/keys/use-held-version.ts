'use client'

import { useQuery } from '@tanstack/react-query'
import { isEntitledBy } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'

/**
 * The newest version that a key of the connected wallet opens. Keepers release a key to who holds it and to nobody else,
 * so a creator without one cannot open its own work here either.
 */
export function useHeldVersion(editions: readonly Edition[]) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: holder } = useWallet()
  const { data, isPending } = useQuery({
    queryKey: ['chain', 'held-version', holder, editions.map(({ editionId }) => editionId).join()],
    queryFn: async () => {
      if (holder === undefined) return 0
      const held = await Promise.all(
        editions.map(async ({ editionId, version }) =>
          (await isEntitledBy(reader, { contracts, editionId, holder })) ? version : 0,
        ),
      )
      return Math.max(0, ...held)
    },
    enabled: holder !== undefined,
  })
  return { version: data === 0 ? undefined : data, asking: holder !== undefined && isPending }
}
