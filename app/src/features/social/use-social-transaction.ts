'use client'

import type { WriteClient } from '@sluice/sdk/chain'
import type { SocialDeed } from '@sluice/sdk/social'
import type { Hash } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useCost, useTransaction } from '../../web3/use-transaction.ts'
import { createKeptPosts } from './kept-posts.ts'
import { sendSocialTransaction } from './send-social-transaction.ts'

/** A deed of the connected wallet: what it costs, and how far it is. Nothing is priced while there is no deed. */
export function useSocialTransaction(what: string, deed: SocialDeed | undefined) {
  const { chainId, contracts } = useOrigin()
  const transaction = useTransaction(what)
  const action =
    deed === undefined
      ? undefined
      : (client: WriteClient, hooks: { onHash?: (hash: Hash) => void } = {}) => {
          const kept = createKeptPosts(sessionStorage, { chainId, social: contracts.social })
          return sendSocialTransaction(client, { contracts, deed, kept, ...hooks })
        }
  const cost = useCost(['social', JSON.stringify(deed, bigintsAsText)], action)
  const submit = async (): Promise<boolean> => action !== undefined && transaction.run(action)
  return { ...transaction, cost, submit, possible: action !== undefined && !cost.isError }
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
