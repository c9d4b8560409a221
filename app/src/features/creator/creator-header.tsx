'use client'

import type { ReactNode } from 'react'
import type { Address } from 'viem'
import { useHandle } from '../../web3/use-handle.ts'
import { useIndexQuery } from '../../web3/use-index.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { formatAccount, formatCount } from '../../ui/format.ts'
import { Identicon } from '../../ui/identicon.tsx'

type CreatorHeaderProps = { address: Address; action: ReactNode }

/** Who it is, by handle and address from the chain, and what the index counts. */
export function CreatorHeader({ address, action }: CreatorHeaderProps) {
  const handle = useHandle(address)
  const { data: account } = useIndexQuery(
    ['account', address],
    async (index, signal) => (await index.account({ address, signal })) ?? null,
    { refresh: false },
  )
  return (
    <header className="mb-8 flex flex-wrap items-center gap-4">
      <Identicon address={address} size={64} />
      <div className="min-w-0 flex-1 basis-52">
        <h1 className="text-2xl font-semibold break-words sm:text-3xl">{formatAccount(address, handle)}</h1>
        <p className="flex items-center gap-1 text-sm text-quiet">
          <span className="truncate font-mono text-xs">{address}</span>
          <CopyButton text={address} label="Copy the address" />
        </p>
        {account !== undefined && account !== null && (
          <p className="flex flex-wrap gap-x-4 text-sm text-quiet">
            <span>{formatCount(account.followerCount, 'follower')}</span>
            <span>{account.followingCount} following</span>
            <span>{formatCount(account.contentCount, 'content')}</span>
          </p>
        )}
      </div>
      {action}
    </header>
  )
}
