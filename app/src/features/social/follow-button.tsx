'use client'

import { useQuery } from '@tanstack/react-query'
import { isFollowing } from '@sluice/sdk/chain'
import { UserMinus, UserPlus } from 'lucide-react'
import { useState } from 'react'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from './confirm-dialog.tsx'

/** Follows an account, or ends that; nothing for who has no wallet, or is the account. */
export function FollowButton({ target, name }: { target: Address; name: string }) {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { address: wallet, status } = useWallet()
  const [open, setOpen] = useState(false)
  const { data: following } = useQuery({
    queryKey: ['chain', 'following', wallet, target],
    queryFn: () => wallet !== undefined && isFollowing(reader, { contracts, wallet, target }),
    enabled: wallet !== undefined,
  })
  if (wallet === undefined || isAddressEqual(wallet, target)) return null
  const [kind, label, Icon] = following === true ? UNFOLLOW : FOLLOW
  return (
    <>
      <Button
        variant={following === true ? 'secondary' : 'primary'}
        disabled={status !== 'ready' || following === undefined}
        onClick={() => setOpen(true)}
      >
        <Icon aria-hidden="true" />
        {label}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={`${label} ${name}`}
        description="Whom a wallet follows is public, on the chain."
        label={label}
        deed={{ kind, target }}
      />
    </>
  )
}

const FOLLOW = ['follow', 'Follow', UserPlus] as const
const UNFOLLOW = ['unfollow', 'Unfollow', UserMinus] as const
