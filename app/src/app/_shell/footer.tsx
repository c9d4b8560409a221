'use client'

import { useOriginState } from '../../web3/origin-provider.tsx'
import { shorten } from '../../ui/format.ts'

/** Whose node this page comes from: with somebody else's, its owner is who one trusts. */
export function Footer() {
  const origin = useOriginState()
  return (
    <footer className="border-t border-line">
      <div className="mx-auto flex max-w-6xl flex-wrap justify-between gap-x-6 gap-y-1 px-4 py-6 text-sm text-quiet sm:px-6">
        <p>Sluice: paid, encrypted content without a server in between.</p>
        {origin.status === 'ready' && (
          <p>
            Served by node <span className="font-mono">{shorten(origin.info.peerId, 8, 6)}</span>, version{' '}
            {origin.info.version}
          </p>
        )}
      </div>
    </footer>
  )
}
