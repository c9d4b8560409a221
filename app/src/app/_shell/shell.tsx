'use client'

import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { OriginProvider } from '../../web3/origin-provider.tsx'
import { OwnNodeProvider } from '../../web3/own-node.tsx'
import { WalletProvider } from '../../web3/wallet-provider.tsx'
import { Toaster } from '../../ui/toaster.tsx'
import { useTheme } from '../../ui/theme.ts'
import { Footer } from './footer.tsx'
import { Header } from './header.tsx'
import { IndexNotice } from './index-notice.tsx'
import { OriginFailed, PageSkeleton } from './origin-states.tsx'

/**
 * Everything around a page: providers, header, footer, toasts. Pages render once the node has said where its chain is.
 */
export function Shell({ children }: { children: ReactNode }) {
  const [queries] = useState(createQueryClient)
  const { dark } = useTheme()
  return (
    <QueryClientProvider client={queries}>
      <OwnNodeProvider>
        <OriginProvider>
          {(origin) => {
            if (origin.status !== 'ready') {
              return (
                <Frame ready={false}>
                  {origin.status === 'loading' ? (
                    <PageSkeleton />
                  ) : (
                    <OriginFailed error={origin.error} retry={origin.retry} />
                  )}
                </Frame>
              )
            }
            return (
              <WalletProvider dark={dark}>
                <Frame ready>
                  <IndexNotice />
                  {children}
                </Frame>
              </WalletProvider>
            )
          }}
        </OriginProvider>
      </OwnNodeProvider>
      <Toaster />
    </QueryClientProvider>
  )
}

function Frame({ ready, children }: { ready: boolean; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#main"
        className="sr-only rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-3 focus:left-3 focus:z-50"
      >
        Skip to content
      </a>
      <Header ready={ready} />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 outline-none sm:px-6 sm:py-10">
        {children}
      </main>
      <Footer />
    </div>
  )
}

function createQueryClient(): QueryClient {
  return new QueryClient({ defaultOptions: { queries: { staleTime: 15_000, refetchOnWindowFocus: false, retry: 1 } } })
}
