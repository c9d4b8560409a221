'use client'

import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { CreatorHeader } from '../../../features/creator/creator-header.tsx'
import { CreatorContents } from '../../../features/feed/creator-contents.tsx'
import { FollowButton } from '../../../features/social/follow-button.tsx'
import { HandleForm } from '../../../features/social/handle-form.tsx'
import { useHandle } from '../../../web3/use-handle.ts'
import { useWallet } from '../../../web3/use-wallet.ts'
import { formatAccount } from '../../../ui/format.ts'

/** An account and what it has on sale; one's own has the form for its handle. */
export function CreatorScreen({ address }: { address: Address }) {
  const handle = useHandle(address)
  const { address: wallet } = useWallet()
  const own = wallet !== undefined && isAddressEqual(wallet, address)
  return (
    <>
      <CreatorHeader
        address={address}
        action={<FollowButton target={address} name={formatAccount(address, handle)} />}
      />
      <div className="space-y-8">
        {own && <HandleForm current={handle} />}
        <CreatorContents creator={address} />
      </div>
    </>
  )
}
