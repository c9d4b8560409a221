'use client'

import { RainbowKitProvider, darkTheme, lightTheme } from '@rainbow-me/rainbowkit'
import type { AvatarComponent, Theme } from '@rainbow-me/rainbowkit'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { formatUnits, http } from 'viem'
import { WagmiProvider, createConfig } from 'wagmi'
import { Identicon } from '../ui/identicon.tsx'
import { chainOf } from './chains.ts'
import { useOrigin } from './origin-provider.tsx'
import type { OriginInfo } from './origin.ts'

type WalletProviderProps = { dark: boolean; children: ReactNode }

/** Wallets that announce themselves (EIP-6963) on the one chain of this page's node; no service in between. */
export function WalletProvider({ dark, children }: WalletProviderProps) {
  const info = useOrigin()
  const [config] = useState(() => createWalletConfig(info))
  useBalanceRepair()
  return (
    <WagmiProvider config={config}>
      <RainbowKitProvider theme={dressed(dark)} avatar={Avatar} modalSize="compact">
        {children}
      </RainbowKitProvider>
    </WagmiProvider>
  )
}

function createWalletConfig(info: OriginInfo) {
  const chain = chainOf(info)
  return createConfig({
    chains: [chain],
    transports: { [chain.id]: http(info.rpcUrl, { batch: true }) },
    multiInjectedProviderDiscovery: true,
  })
}

/** RainbowKit 2 reads `balance.formatted`, which wagmi 3 no longer gives; without this it shows "NaN". */
function useBalanceRepair(): void {
  const queries = useQueryClient()
  useState(() =>
    queries.setQueryDefaults(['balance'], {
      select: (balance: { value: bigint; decimals: number }) => ({
        ...balance,
        formatted: formatUnits(balance.value, balance.decimals),
      }),
    }),
  )
}

const Avatar: AvatarComponent = ({ address, size }) => <Identicon address={address} size={size} />

function dressed(dark: boolean): Theme {
  const options = { accentColor: 'var(--accent)', accentColorForeground: 'var(--on-accent)' }
  const base = dark ? darkTheme(options) : lightTheme(options)
  return {
    ...base,
    colors: {
      ...base.colors,
      connectButtonBackground: 'var(--surface)',
      connectButtonInnerBackground: 'var(--sunken)',
      connectButtonText: 'var(--ink)',
      generalBorder: 'var(--line)',
      modalBackground: 'var(--surface)',
      modalBorder: 'var(--line)',
      modalText: 'var(--ink)',
      modalTextSecondary: 'var(--quiet)',
      profileForeground: 'var(--sunken)',
    },
    fonts: { body: 'var(--font-sans)' },
    radii: { ...base.radii, connectButton: '8px', actionButton: '8px', menuButton: '8px', modal: '16px' },
    shadows: { ...base.shadows, connectButton: 'none' },
  }
}
