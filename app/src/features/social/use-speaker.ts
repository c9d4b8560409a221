'use client'

import { useQuery } from '@tanstack/react-query'
import { readSessionExpiry } from '@sluice/sdk/chain'
import { useCallback, useSyncExternalStore } from 'react'
import type { Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { originUrl } from '../../web3/origin.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useCatchUp } from '../../web3/use-index.ts'
import { useSessionKey } from '../../web3/use-session-key.ts'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { findOutbox } from './find-outbox.ts'
import { createKeptPosts } from './kept-posts.ts'
import type { Outbox } from './outbox.ts'
import type { Said } from './said.ts'
import { chooseSpeaker } from './speaker.ts'
import type { Speaker } from './speaker.ts'

/** Seconds that a session must have left to be worth signing with: as long as others may take to submit it. */
const MARGIN_S = 3600n
const REFRESH_MS = 15_000
/** A page that found no node that carries words asks again. */
const SEARCH_MS = 30_000
const NOTHING: readonly Said[] = []

/** How the connected wallet can say something now. */
export function useSpeaker(): Speaker {
  const { status } = useWallet()
  return chooseSpeaker({ ready: status === 'ready', authorised: useAuthorised(), outbox: useOutbox() })
}

/** What the connected wallet said through this browser and has not long had an end. */
export function useSaid(): readonly Said[] {
  const outbox = useOutbox()
  const subscribe = useCallback((listener: () => void) => outbox?.subscribe(listener) ?? noop, [outbox])
  return useSyncExternalStore(
    subscribe,
    () => outbox?.read() ?? NOTHING,
    () => NOTHING,
  )
}

/** Stops showing what has an end. */
export function useForget(): (id: Hex) => void {
  const outbox = useOutbox()
  return (id) => outbox?.forget(id)
}

/**
 * The one outbox of the wallet's session in this page: at the reader's own node, or at the one that serves the page.
 */
function useOutbox(): Outbox | null | undefined {
  const { chainId, contracts } = useOrigin()
  const chain = useReader()
  const { address: wallet } = useWallet()
  const { data: session } = useSessionKey(wallet)
  const { status: own } = useOwnNode()
  const onSettled = useCatchUp()
  const origins = [...(own === undefined ? [] : [own.publicUrl]), originUrl()].map((url) => new URL(url).origin)
  const { data } = useQuery({
    queryKey: ['social', 'outbox', chainId, wallet, session?.publicKey.qx, origins],
    queryFn: ({ signal }) => {
      if (session === undefined || wallet === undefined) throw new Error('No session was loaded.')
      const kept = createKeptPosts(sessionStorage, { chainId, social: contracts.social })
      return findOutbox({ chain, chainId, contracts, session, wallet, kept, onSettled, origins, signal })
    },
    enabled: session !== undefined && wallet !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (state.data === null ? SEARCH_MS : false),
    structuralSharing: false,
  })
  return data
}

/** Whether the chain lets the session speak for the wallet long enough; null where there is no session to ask about. */
function useAuthorised(): boolean | null | undefined {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: payer } = useWallet()
  const key = useSessionKey(payer)
  const { data, isError } = useQuery({
    queryKey: ['chain', 'session-expiry', payer, key.data?.publicKey.qx],
    queryFn: async () => {
      if (key.data === undefined || payer === undefined) throw new Error('No session was loaded.')
      const [expiry, { timestamp }] = await Promise.all([
        readSessionExpiry(reader, { contracts, payer, session: key.data.publicKey }),
        getBlock(reader),
      ])
      return expiry > timestamp + MARGIN_S
    },
    enabled: key.data !== undefined && payer !== undefined,
    refetchInterval: REFRESH_MS,
  })
  return key.isError || isError ? null : data
}

function noop(): void {
  // Nothing was subscribed to.
}
