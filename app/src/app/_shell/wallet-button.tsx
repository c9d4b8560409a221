'use client'

import { ConnectButton } from '@rainbow-me/rainbowkit'
import { ChevronDown, WalletMinimal } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Identicon } from '../../ui/identicon.tsx'

/** RainbowKit's modals behind a button of our own. */
export function WalletButton() {
  return (
    <ConnectButton.Custom>
      {({ account, chain, mounted, openAccountModal, openChainModal, openConnectModal }) => {
        if (!mounted || account === undefined || chain === undefined) {
          return (
            <Button variant="primary" onClick={openConnectModal} disabled={!mounted} className="max-sm:px-3">
              <WalletMinimal aria-hidden="true" className="sm:hidden" />
              <span>
                Connect<span className="hidden sm:inline"> wallet</span>
              </span>
            </Button>
          )
        }
        if (chain.unsupported === true) {
          return (
            <Button variant="danger" onClick={openChainModal}>
              Wrong network
            </Button>
          )
        }
        return (
          <Button onClick={openAccountModal} aria-label={`Wallet ${account.displayName}`} className="px-2.5 sm:px-3">
            <Identicon address={account.address} size={22} />
            <span className="hidden tabular-nums sm:inline">{account.displayName}</span>
            <ChevronDown aria-hidden="true" className="hidden text-quiet sm:inline" />
          </Button>
        )
      }}
    </ConnectButton.Custom>
  )
}
