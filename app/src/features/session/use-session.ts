'use client'

import { useQuery } from '@tanstack/react-query'
import { readEscrow, readGrant } from '@sluice/sdk/chain'
import { matches, promisable } from '@sluice/sdk/channel'
import type { Session } from '@sluice/sdk/session'
import type { Address } from 'viem'
import { getBlock } from 'viem/actions'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { createBrowserPayerLedger } from '../../web3/payer-ledger.ts'
import { useSessionKey } from '../../web3/use-session-key.ts'
import { useReader, useWallet } from '../../web3/use-wallet.ts'

/** Seconds of validity that a session must have left to start something with it. */
const MARGIN_S = 120n
const REFRESH_MS = 15_000

export type SessionState = {
  /** Undefined until a wallet is connected and its key was loaded or made. */
  readonly session: Session | undefined
  /** Whether the chain lets the session speak for the wallet now. */
  readonly authorised: boolean
  /** Unix seconds; zero when never authorised. */
  readonly expiry: bigint
  /** The wallet's free escrow, in base units of the token. */
  readonly escrow: bigint
  /** What the session can still spend: free escrow within its limit, and what is left in this browser's channels. */
  readonly budget: bigint
  readonly loading: boolean
  readonly error: Error | null
}

const NO_STANDING = { authorised: false, expiry: 0n, escrow: 0n, budget: 0n }

/** The session of the connected wallet, and what it may spend in one token. */
export function useSession(token: Address): SessionState {
  const { address } = useWallet()
  const key = useSessionKey(address)
  const standing = useStanding(key.data, address, token)
  const error = key.error ?? standing.error
  const loading = address !== undefined && standing.data === undefined && error === null
  return { session: key.data, ...(standing.data ?? NO_STANDING), loading, error }
}

function useStanding(session: Session | undefined, payer: Address | undefined, token: Address) {
  const { contracts } = useOrigin()
  const reader = useReader()
  return useQuery({
    queryKey: ['chain', 'session', payer, token],
    queryFn: async () => {
      if (session === undefined || payer === undefined) throw new Error('No session was loaded.')
      const [grant, escrow, block, locked] = await Promise.all([
        readGrant(reader, { contracts, payer, session: session.publicKey, token }),
        readEscrow(reader, { contracts, payer, token }),
        getBlock(reader),
        spendableInChannels(payer, token, session),
      ])
      const authorised = grant.expiry > block.timestamp + MARGIN_S
      const drawable = grant.remaining < escrow.balance ? grant.remaining : escrow.balance
      const budget = (authorised ? drawable : 0n) + locked
      return { authorised, expiry: grant.expiry, escrow: escrow.balance, budget }
    },
    enabled: session !== undefined && payer !== undefined,
    refetchInterval: REFRESH_MS,
  })
}

/** What this browser's open channels still hold, over all the seeders that they are with. */
async function spendableInChannels(payer: Address, token: Address, session: Session): Promise<bigint> {
  const channels = await createBrowserPayerLedger().list()
  return channels
    .filter(
      (channel) =>
        channel.state === 'open' &&
        matches(channel, { ...channel.descriptor, payer, token, session: session.publicKey }),
    )
    .reduce((sum, channel) => sum + promisable(channel), 0n)
}
