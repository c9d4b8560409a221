'use client'

import type { SocialDeed } from '@sluice/sdk/social'
import { useEffect, useMemo } from 'react'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useTransaction } from '../../web3/use-transaction.ts'
import type { Transaction } from '../../web3/use-transaction.ts'
import { createKeptPosts, dropAtClose } from './kept-posts.ts'
import { sendSocialTransaction } from './send-social-transaction.ts'

/** A deed of the connected wallet, by a transaction. Nothing is priced while there is no deed. */
export function useSocialTransaction(what: string, deed: SocialDeed | undefined): Transaction {
  const { chainId, contracts } = useOrigin()
  const { social } = contracts
  const kept = useMemo(() => dropAtClose(() => createKeptPosts(sessionStorage, { chainId, social })), [chainId, social])
  useEffect(() => {
    kept.open()
    return kept.close
  }, [kept])
  return useTransaction({
    what,
    key: ['social', JSON.stringify(deed, bigintsAsText)],
    action: deed && ((client, hooks) => sendSocialTransaction(client, { contracts, deed, kept, ...hooks })),
  })
}

function bigintsAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
