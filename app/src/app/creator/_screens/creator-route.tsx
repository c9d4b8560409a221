'use client'

import { isHandle } from '@sluice/sdk/social'
import { useSearchParams } from 'next/navigation'
import { getAddress, isAddress } from 'viem'
import type { Address } from 'viem'
import { ErrorNotice } from '../../../web3/error-notice.tsx'
import { useHandleOwner } from '../../../web3/use-handle.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { CreatorScreen } from './creator-screen.tsx'

/** `?address=` names an account, `?handle=` the one whose handle it is now; the export has one page for all of them. */
export function CreatorRoute() {
  const query = useSearchParams()
  const address = readAddress(query.get('address'))
  const handle = query.get('handle')?.toLowerCase().replace(/^@/u, '')
  if (address !== undefined) return <CreatorScreen key={address} address={address} />
  if (handle !== undefined && isHandle(handle)) return <ByHandle key={handle} handle={handle} />
  return (
    <Notice tone="bad" title="This address names nobody.">
      It should end in ?address= and an account (0x and 40 digits), or in ?handle= and a handle.
    </Notice>
  )
}

function ByHandle({ handle }: { handle: string }) {
  const { data: owner, error, refetch } = useHandleOwner(handle)
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (owner === undefined) return <Skeleton className="h-16 rounded-2xl" />
  if (owner === null) {
    return (
      <Notice tone="info" title={`Nobody is @${handle}`}>
        A handle can be given up, and taken by somebody else.
      </Notice>
    )
  }
  return <CreatorScreen key={owner} address={owner} />
}

function readAddress(text: string | null): Address | undefined {
  return text !== null && isAddress(text, { strict: false }) ? getAddress(text) : undefined
}
