'use client'

import { useQuery } from '@tanstack/react-query'
import { isFollowing } from '@sluice/sdk/chain'
import { UserMinus, UserPlus } from 'lucide-react'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { useReader, useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from './failure-notice.tsx'
import { isOnItsWay, kindOf, lastWord } from './said.ts'
import { SaidStatus } from './said-status.tsx'
import { useSocialAction } from './use-social-action.ts'
import { useSaid } from './use-speaker.ts'
import { WalletDialog } from './wallet-offer.tsx'

/** Follows an account, or ends that; nothing for who has no wallet, or is the account. */
export function FollowButton({ target, name }: { target: Address; name: string }) {
  const { address: wallet } = useWallet()
  if (wallet === undefined || isAddressEqual(wallet, target)) return null
  return <Follow wallet={wallet} target={target} name={name} />
}

function Follow({ wallet, target, name }: { wallet: Address; target: Address; name: string }) {
  const said = lastWord(useSaid(), ['follow', 'unfollow'], target)
  const recorded = useFollowing(wallet, target)
  const action = useSocialAction()
  const following = said !== undefined && isOnItsWay(said) ? kindOf(said) === 'follow' : recorded
  const [kind, label, Icon] = following === true ? UNFOLLOW : FOLLOW
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <SaidStatus
        said={said}
        what={`${said !== undefined && kindOf(said) === 'unfollow' ? 'Unfollowing' : 'Following'} ${name}`}
      />
      <Button
        variant={following === true ? 'secondary' : 'primary'}
        busy={action.busy}
        disabled={!action.possible || following === undefined}
        onClick={() => void action.say({ kind, target })}
      >
        <Icon aria-hidden="true" />
        {label}
      </Button>
      <FailureNotice failure={action.failure} />
      <WalletDialog action={action} title={`${label} ${name}`} label={label} />
    </div>
  )
}

/** As the chain has it. */
function useFollowing(wallet: Address, target: Address): boolean | undefined {
  const { contracts } = useOrigin()
  const reader = useReader()
  const { data } = useQuery({
    queryKey: ['chain', 'following', wallet, target],
    queryFn: () => isFollowing(reader, { contracts, wallet, target }),
  })
  return data
}

const FOLLOW = ['follow', 'Follow', UserPlus] as const
const UNFOLLOW = ['unfollow', 'Unfollow', UserMinus] as const
