'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { ConnectNodeButton } from '../../features/node-connection/connect-node-button.tsx'
import { cn } from '../../ui/cn.ts'
import { Logo } from '../../ui/logo.tsx'
import { NetworkBadge } from './network-badge.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { WalletButton } from './wallet-button.tsx'

const PAGES = [
  { href: '/', label: 'Discover' },
  { href: '/publish/', label: 'Publish' },
  { href: '/keys/', label: 'My keys' },
  { href: '/earnings/', label: 'Earnings' },
  { href: '/network/', label: 'Network' },
] as const

/** `ready` once the chain is known: the wallet and the network have nothing to show before. */
export function Header({ ready }: { ready: boolean }) {
  return (
    <header className="sticky top-0 z-30 border-b border-line bg-canvas/90 backdrop-blur-md">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-4 gap-y-0 px-4 sm:px-6">
        <Link href="/" className="flex h-16 items-center gap-2.5 rounded-lg text-lg font-semibold tracking-tight">
          <Logo className="size-8" />
          <span className="max-[359px]:sr-only">Sluice</span>
        </Link>
        <Navigation />
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          {ready && <NetworkBadge />}
          <ConnectNodeButton />
          <ThemeToggle />
          {ready && <WalletButton />}
        </div>
      </div>
    </header>
  )
}

function Navigation() {
  const path = usePathname()
  return (
    <nav
      aria-label="Main"
      className="order-last -mx-4 w-[calc(100%+2rem)] overflow-x-auto px-3 lg:order-none lg:mx-2 lg:w-auto lg:overflow-visible lg:px-0"
    >
      <ul className="flex gap-0.5 pb-2 sm:gap-1 lg:pb-0">
        {PAGES.map(({ href, label }) => {
          const here = href === '/' ? path === '/' : path.startsWith(href)
          return (
            <li key={href}>
              <Link
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  'block rounded-lg px-2 py-1.5 text-sm font-medium whitespace-nowrap transition-colors sm:px-3',
                  here ? 'bg-accent-soft text-accent' : 'text-quiet hover:bg-sunken hover:text-ink',
                )}
              >
                {label}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
