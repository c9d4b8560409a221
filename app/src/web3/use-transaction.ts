'use client'

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { WriteClient } from '@sluice/sdk/chain'
import type { Hash } from 'viem'
import { dismissToast, showToast } from '../ui/toast-store.ts'
import { explainError } from './errors.ts'
import type { Explanation } from './errors.ts'
import { rehearse } from './rehearse.ts'
import { useRefresh } from './use-index.ts'
import { useReader, useWallet } from './use-wallet.ts'

/** Where a transaction is: waiting for the wallet's owner, for the chain, done, or refused. */
export type TransactionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'confirm' }
  | { readonly phase: 'pending'; readonly hash: Hash }
  | { readonly phase: 'confirmed'; readonly hash: Hash | undefined }
  | { readonly phase: 'failed'; readonly error: Explanation }

type Hooks = { readonly onHash?: (hash: Hash) => void }
/** What is to be done on the chain; run against its present state too, to learn what it costs. */
export type TransactionAction = (client: WriteClient, hooks: Hooks) => Promise<unknown>

type TransactionOptions = {
  /** What it is called while it is on its way. */
  readonly what: string
  /** Names the action and everything that it depends on. */
  readonly key: readonly unknown[]
  /** Undefined while it is not known what is to be done: then nothing is priced. */
  readonly action: TransactionAction | undefined
}

export type Transaction = {
  readonly state: TransactionState
  readonly busy: boolean
  /** Whether there is something to price: an action, and a wallet on the right chain. */
  readonly wanted: boolean
  /** Whether it may be asked for: as far as is known, it would not fail. */
  readonly possible: boolean
  readonly cost: ReturnType<typeof useCost>
  /** Resolves with whether it was done. */
  readonly submit: () => Promise<boolean>
}

/** An action of the connected wallet's on the chain: what it costs now, how far it is, and the way to have it done. */
export function useTransaction({ what, key, action }: TransactionOptions): Transaction {
  const { status } = useWallet()
  const wanted = status === 'ready' ? action : undefined
  const { state, busy, run } = useRun(what)
  const cost = useCost(key, wanted)
  return {
    ...{ state, busy, cost, wanted: wanted !== undefined, possible: wanted !== undefined && !cost.isError },
    submit: async () => wanted !== undefined && run(wanted),
  }
}

/** Runs one action at a time, with its states for the page and toasts for when the page was left. */
function useRun(what: string) {
  const wallet = useWallet()
  const refresh = useRefresh()
  const [state, setState] = useState<TransactionState>({ phase: 'idle' })
  const busy = state.phase === 'confirm' || state.phase === 'pending'

  const run = async (action: TransactionAction): Promise<boolean> => {
    if (busy || wallet.status !== 'ready') return false
    let hash: Hash | undefined
    const toast = showToast({ tone: 'info', title: what, text: 'Confirm in your wallet.', lasting: true })
    setState({ phase: 'confirm' })
    try {
      await action(wallet.client, {
        onHash: (sent) => {
          hash = sent
          setState({ phase: 'pending', hash: sent })
          showToast({ id: toast, tone: 'info', title: what, text: 'Sent. Waiting for the chain.', lasting: true })
        },
      })
      setState({ phase: 'confirmed', hash })
      showToast({ id: toast, tone: 'good', title: what, text: 'Confirmed.' })
      await refresh()
      return true
    } catch (error) {
      setState({ phase: 'failed', error: explainError(error) })
      dismissToast(toast)
      return false
    }
  }
  return { state, busy, run }
}

/** What an action would cost now, or why it would fail. */
function useCost(key: readonly unknown[], action: TransactionAction | undefined) {
  const reader = useReader()
  const { address } = useWallet()
  return useQuery({
    queryKey: ['chain', 'cost', address, ...key],
    queryFn: () => {
      if (address === undefined || action === undefined) throw new Error('Nothing to price.')
      return rehearse(reader, address, (client) => action(client, {}))
    },
    enabled: address !== undefined && action !== undefined,
    retry: false,
    staleTime: 10_000,
  })
}
