'use client'

import Link from 'next/link'
import type { Address as AccountAddress } from 'viem'
import { useConnection } from 'wagmi'
import { Address } from '../ui/address.tsx'
import { useHandle } from './use-handle.ts'

/** An account by its handle, or by its address where it has none. */
export function Account({ address }: { address: AccountAddress }) {
  const { address: own } = useConnection()
  return <Address address={address} you={address === own} handle={useHandle(address)} />
}

/** The same as a link to what the account published. */
export function AccountLink({ address }: { address: AccountAddress }) {
  return (
    <Link href={`/creator/?address=${address}`} className="inline-flex min-w-0 rounded hover:text-ink hover:underline">
      <Account address={address} />
    </Link>
  )
}
