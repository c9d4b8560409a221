'use client'

import { useQuery } from '@tanstack/react-query'
import { isEntitled, isEntitledBy } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import type { Hex } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'

/** Whether the connected wallet may have slices of a content now; undefined while that is being asked. */
export function useEntitlement({ contentId, version, sliceCount, editions }: useEntitlement.Options) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: holder } = useWallet()
  const editionIds = editions.map(({ editionId }) => editionId)
  const { data, error } = useQuery({
    queryKey: ['chain', 'entitlement', contentId, version, holder, editionIds.join()],
    queryFn: async () => {
      if (holder === undefined) return false
      const whole = { contentId, version, holder, firstSlice: 0, lastSlice: sliceCount - 1 }
      const answers = await Promise.all([
        isEntitled(reader, { contracts, ...whole }),
        ...editionIds.map((editionId) => isEntitledBy(reader, { contracts, editionId, holder })),
      ])
      return answers.includes(true)
    },
  })
  return { entitled: holder === undefined ? false : data, error }
}

export declare namespace useEntitlement {
  type Options = {
    readonly contentId: Hex
    readonly version: number
    readonly sliceCount: number
    readonly editions: readonly Edition[]
  }
}
