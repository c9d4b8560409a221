'use client'

import { useState } from 'react'
import { isAddressEqual } from 'viem'
import type { Address } from 'viem'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { useOwnNode } from '../../web3/own-node.tsx'
import { useWallet } from '../../web3/use-wallet.ts'
import { Section } from '../../ui/card.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { OwedSection } from './owed-section.tsx'
import { TokenIncome } from './token-income.tsx'
import { SHOWN_DAYS, useIncome } from './use-income.ts'

const WHOSE = [
  { value: 'wallet', label: 'Your wallet' },
  { value: 'node', label: 'Your node' },
] as const

/** What keys and slices brought in, for the connected wallet or for the account of the connected node. */
export function IncomeView() {
  const { address: wallet } = useWallet()
  const node = useOwnNode().status?.wallet
  const [whose, setWhose] = useState<'wallet' | 'node'>('wallet')
  const both = wallet !== undefined && node !== undefined && !isAddressEqual(wallet, node)
  const account = both && whose === 'node' ? node : (wallet ?? node)
  if (account === undefined) {
    return (
      <Section title="Income" hint="From keys that you sold, resold or referred, and slices that your node served.">
        <p className="text-sm text-quiet">Connect a wallet to see what its keys brought in. Nothing is asked of it.</p>
      </Section>
    )
  }
  const choice = both && <Segmented label="Whose income" value={whose} options={WHOSE} onChange={setWhose} />
  return <Income key={account} account={account} choice={choice} />
}

function Income({ account, choice }: { account: Address; choice: React.ReactNode }) {
  const { named, today, income } = useIncome(account)
  const totals = income.data?.totals ?? []
  return (
    <div className="space-y-6">
      <OwedSection account={account} named={totals.map(({ token }) => token)} />
      <Section
        title="Income"
        hint={`As the index adds up the chain’s events: since the beginning, and the last ${String(SHOWN_DAYS)} days (UTC).`}
        action={choice}
      >
        {!named && <p className="text-sm text-quiet">The node that serves this page names no index to add it up.</p>}
        {named && income.isPending && <Skeleton className="h-40 rounded-xl" />}
        {income.isError && <ErrorNotice error={income.error} retry={income.refetch} />}
        {income.isSuccess && totals.length === 0 && (
          <p className="text-sm text-quiet">
            Nothing has come in yet. A key that is sold appears here once it is mined.
          </p>
        )}
        <div className="space-y-8">
          {totals.map((figures) => (
            <TokenIncome key={figures.token} figures={figures} days={income.data?.days ?? []} today={today} />
          ))}
        </div>
      </Section>
    </div>
  )
}
