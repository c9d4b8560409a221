'use client'

import { createHttpNetwork } from '@sluice/sdk/client'
import type { Consumer, Reader } from '@sluice/sdk/client'
import type { Session } from '@sluice/sdk/session'
import { useMemo } from 'react'
import { openContent } from './client.ts'
import type { ContentHandle, OpenOptions } from './client.ts'
import { originUrl } from './origin.ts'
import { useOrigin } from './origin-provider.tsx'
import { pagePenalties } from './penalties.ts'
import { createBrowserPayerLedger } from './payer-ledger.ts'
import { useReader, useWallet } from './use-wallet.ts'

/** What reading takes, from the node that serves this page. */
export function useContentReader(): Reader {
  const { chainId, contracts } = useOrigin()
  const chain = useReader()
  return useMemo(
    () => ({
      network: createHttpNetwork({ origin: originUrl() }),
      chain,
      chainId,
      contracts,
      penalties: pagePenalties(),
    }),
    [chain, chainId, contracts],
  )
}

/** Opens contents as the connected wallet, or as nobody where there is no session. */
export function useContentClient(session?: Session): (options: OpenOptions) => Promise<ContentHandle> {
  const reader = useContentReader()
  const { address: wallet } = useWallet()
  return useMemo(() => {
    const consumer: Consumer | undefined =
      session === undefined || wallet === undefined
        ? undefined
        : { session, wallet, payerLedger: createBrowserPayerLedger() }
    return (options) => openContent(reader, consumer, options)
  }, [reader, session, wallet])
}
