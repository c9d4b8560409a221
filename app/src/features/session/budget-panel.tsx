'use client'

import { useQuery } from '@tanstack/react-query'
import { NATIVE_TOKEN, approveToken, authorize, depositAndAuthorize } from '@sluice/sdk/chain'
import { useState } from 'react'
import type { Address } from 'viem'
import { formatUnits } from 'viem'
import { getGasPrice } from 'viem/actions'
import { useOrigin } from '../../web3/origin-provider.tsx'
import { TransactionForm } from '../../web3/transaction-form.tsx'
import { useToken } from '../../web3/use-token.ts'
import { useTransaction } from '../../web3/use-transaction.ts'
import type { TransactionAction } from '../../web3/use-transaction.ts'
import { useReader } from '../../web3/use-wallet.ts'
import { TextField } from '../../ui/field.tsx'
import { formatCount } from '../../ui/format.ts'
import { parseAmount, UINT96_MAX } from '../../web3/parse-amount.ts'
import { slicesFor, suggestBudget } from './suggest-budget.ts'
import type { SessionState } from './use-session.ts'

const SESSION_SECONDS = 7n * 86_400n

type BudgetPanelProps = {
  state: SessionState
  token: Address
  slices: number
  /** What one slice costs at the page's own node; others may ask for something else. */
  slicePrice: bigint | undefined
  /** Called once the chain has authorised the session. */
  onAuthorised: () => void
}

/** Sets aside a small budget and lets this browser spend it on slices: one confirmation, then none while playing. */
export function BudgetPanel({ state, token, slices, slicePrice, onAuthorised }: BudgetPanelProps) {
  const { decimals, symbol } = useToken(token)
  const suggested = useSuggestion(token, slices, slicePrice ?? 0n)
  const [typed, setTyped] = useState<string>()
  const text = typed ?? (suggested === undefined ? '' : formatUnits(suggested, decimals))
  const amount = parseAmount(text, decimals)
  const transaction = useTransaction({
    what: 'Set a budget',
    key: ['budget', token, String(amount), state.session?.publicKey.qx],
    action: useAuthorise(state, token, amount),
  })
  return (
    <TransactionForm
      transaction={transaction}
      label={state.authorised ? 'Add and play' : 'Authorise and play'}
      done="Budget set."
      costLabel="Budget"
      onDone={onAuthorised}
    >
      <TextField
        label={state.authorised ? 'Add to the budget' : 'Budget for streaming'}
        inputMode="decimal"
        value={text}
        suffix={symbol}
        onChange={(event) => setTyped(event.target.value)}
        error={
          amount === undefined && text !== ''
            ? `An amount in ${symbol}, such as ${suggestionText(suggested, decimals)}.`
            : undefined
        }
        hint={describeReach(amount, slicePrice, slices)}
      />
      <p className="text-sm text-quiet">
        Each seeder is paid for each slice it serves, out of this budget. What is not spent stays yours, and this
        browser can spend no more than that, for 7 days.
      </p>
    </TransactionForm>
  )
}

/** What confirming does: a deposit with an authorisation, or the authorisation alone where the budget is zero. */
function useAuthorise(
  { session, escrow }: SessionState,
  token: Address,
  amount: bigint | undefined,
): TransactionAction | undefined {
  const { contracts } = useOrigin()
  if (session === undefined || amount === undefined) return undefined
  return async (client, hooks) => {
    const expiry = BigInt(Math.floor(Date.now() / 1000)) + SESSION_SECONDS
    const limit = escrow + amount > UINT96_MAX ? UINT96_MAX : escrow + amount
    const grant = { contracts, session: session.publicKey, token, limit, expiry, ...hooks }
    if (amount === 0n) return authorize(client, grant)
    await approveToken(client, { contracts, token, spender: contracts.channels, amount, ...hooks })
    return depositAndAuthorize(client, { ...grant, amount })
  }
}

function useSuggestion(token: Address, slices: number, slicePrice: bigint): bigint | undefined {
  const reader = useReader()
  const { data: gasPrice } = useQuery({ queryKey: ['gas-price'], queryFn: () => getGasPrice(reader) })
  if (gasPrice === undefined) return undefined
  return suggestBudget({ slices, slicePrice, gasPrice: token === NATIVE_TOKEN ? gasPrice : 0n })
}

function suggestionText(suggested: bigint | undefined, decimals: number): string {
  return suggested === undefined ? '0.01' : formatUnits(suggested, decimals)
}

function describeReach(amount: bigint | undefined, slicePrice: bigint | undefined, slices: number): string {
  const reach = amount === undefined || slicePrice === undefined ? undefined : slicesFor(amount, slicePrice)
  if (reach === undefined) return `The content has ${formatCount(slices, 'slice')}.`
  const times = Number(reach) / slices
  const share =
    times >= 1
      ? `the whole content ${times >= 10 ? 'many times' : `${times.toFixed(1)} times`}`
      : `${(times * 100).toFixed(0)}% of the content`
  return `About ${formatCount(reach, 'slice')} at this node’s price: ${share}.`
}
