'use client'

import { readContent, readEditions } from '@sluice/sdk/chain'
import { isAddressEqual } from 'viem'
import type { Address } from 'viem'
import { useIndexQuery } from '../../web3/use-index.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader } from '../../web3/use-wallet.ts'

const MAX_CONTENTS = 100

/**
 * Tokens that the editions of an account's contents are sold for: which contents there may be says the index, whose
 * they are and what they are sold for the chain. Empty while it is not known.
 */
export function useOwnTokens(account: Address): readonly Address[] {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { data } = useIndexQuery(
    ['own-tokens', account],
    async (index, signal) => {
      const { rows } = await index.feed({ order: 'new', creator: account, first: MAX_CONTENTS, signal })
      const tokens = await Promise.all(
        rows.map(async ({ contentId }) => {
          const { content } = await readContent(reader, { contracts, contentId })
          if (!isAddressEqual(content.creator, account)) return []
          return (await readEditions(reader, { contracts, contentId })).map(({ terms }) => terms.token)
        }),
      )
      return [...new Set(tokens.flat())]
    },
    { refresh: false },
  )
  return data ?? []
}
