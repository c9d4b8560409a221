'use client'

import { NATIVE_TOKEN, withdrawKeyCredits, withdrawMarketCredits } from '@sluice/sdk/chain'
import type { Address } from 'viem'
import { isAddressEqual } from 'viem'
import { explainError } from '../../web3/errors.ts'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionCost } from '../../web3/transaction-cost.tsx'
import { useFormatAmount } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { TransactionStatus } from '../../ui/transaction-status.tsx'
import { useOwed } from './use-owed.ts'
import type { Owed } from './use-owed.ts'
import { useOwnTokens } from './use-own-tokens.ts'

type OwedSectionProps = {
  account: Address
  /** Tokens that an index says something came in in. */
  named: readonly Address[]
}

/** What the contracts owe an account for keys sold and resold, as the chain has it, and the way to take it. */
export function OwedSection({ account, named }: OwedSectionProps) {
  const { address } = useWallet()
  const known = useOwnTokens(account)
  const owed = useOwed(account, [...known, ...named])
  const own = address !== undefined && isAddressEqual(address, account)
  const left = owed.data?.filter(({ sold, resold }) => sold + resold > 0n) ?? []
  return (
    <Section title="To withdraw" hint="What keys sold and resold left in the contracts, read from the chain.">
      {owed.isError && <p className="text-sm text-bad">{explainError(owed.error).title}</p>}
      {owed.isSuccess && left.length === 0 && <p className="text-sm text-quiet">Nothing at the moment.</p>}
      <ul className="space-y-4">
        {left.map((one) => (
          <li key={one.token} className="space-y-2">
            {own ? <Withdrawal owed={one} /> : <OthersOwed owed={one} />}
            {one.token !== NATIVE_TOKEN && <TokenNote token={one.token} own={known.includes(one.token)} />}
          </li>
        ))}
      </ul>
    </Section>
  )
}

/** Anybody can make a token of any name and pay with it, so which one it is says its address alone. */
function TokenNote({ token, own }: { token: Address; own: boolean }) {
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-quiet">
      <Badge>Unverified</Badge>
      <span className="font-mono text-xs break-all">{token}</span>
      <span>
        {own ? 'You sell for this token.' : 'None of your editions sells for this token.'} Its name and amounts are what
        it says of itself.
      </span>
    </p>
  )
}

/** The account is the node's, whose key is in its keystore. */
function OthersOwed({ owed: { token, sold, resold } }: { owed: Owed }) {
  const format = useFormatAmount(token)
  return (
    <p className="text-sm">
      <span className="font-semibold tabular-nums">{format(sold + resold)}</span>{' '}
      <span className="text-quiet">
        to this account. Its wallet takes it with{' '}
        <code className="font-mono text-xs break-all">
          npx sluice withdraw --sales{token === NATIVE_TOKEN ? '' : ` --token ${token}`}
        </code>
        .
      </span>
    </p>
  )
}

function Withdrawal({ owed: { token, sold, resold } }: { owed: Owed }) {
  const { contracts } = useOrigin()
  const format = useFormatAmount(token)
  const { cost, state, busy, wanted, possible, submit } = useTransaction({
    what: 'Withdraw',
    key: ['withdraw', token, String(sold), String(resold)],
    action: async (client, hooks) => {
      if (sold > 0n) await withdrawKeyCredits(client, { contracts, token, ...hooks })
      if (resold > 0n) await withdrawMarketCredits(client, { contracts, token, ...hooks })
    },
  })
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-xl font-semibold tabular-nums">{format(sold + resold)}</p>
        <Button
          variant={token === NATIVE_TOKEN ? 'primary' : 'secondary'}
          busy={busy}
          disabled={!possible}
          onClick={() => void submit()}
        >
          Withdraw
        </Button>
      </div>
      {sold > 0n && resold > 0n && (
        <p className="text-sm text-quiet">Two contracts owe it, so the wallet asks twice.</p>
      )}
      {wanted && <TransactionCost cost={cost.data} error={cost.error} />}
      <TransactionStatus state={state} done="Withdrawn." />
    </div>
  )
}
