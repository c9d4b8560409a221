'use client'

import type { Edition } from '@sluice/sdk/chain'
import { RadioGroup } from 'radix-ui'
import { keysLeft } from '../../web3/use-content-data.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { cn } from '../../ui/cn.ts'
import { describeTerms } from './describe-terms.ts'

type EditionChoiceProps = {
  editions: readonly Edition[]
  sliceCount: number
  chosen: bigint
  onChoose: (editionId: bigint) => void
}

/** The kinds of key that a content offers, with what each opens. */
export function EditionChoice({ editions, sliceCount, chosen, onChoose }: EditionChoiceProps) {
  return (
    <RadioGroup.Root
      aria-label="Edition"
      value={chosen.toString()}
      onValueChange={(value) => onChoose(BigInt(value))}
      className="space-y-2"
    >
      {editions.map((edition) => (
        <EditionRow
          key={edition.editionId.toString()}
          edition={edition}
          sliceCount={sliceCount}
          alone={editions.length === 1}
        />
      ))}
    </RadioGroup.Root>
  )
}

type EditionRowProps = { edition: Edition; sliceCount: number; alone: boolean }

function EditionRow({ edition, sliceCount, alone }: EditionRowProps) {
  const format = useFormatAmount(edition.terms.token)
  const soldOut = keysLeft(edition) === 0n
  return (
    <RadioGroup.Item
      value={edition.editionId.toString()}
      disabled={soldOut}
      className={cn(
        'block w-full rounded-xl border border-line p-3.5 text-left transition-colors disabled:opacity-60',
        alone
          ? 'cursor-default'
          : 'hover:border-line-strong data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft',
      )}
    >
      <span className="flex items-baseline justify-between gap-3">
        <span className="text-lg font-semibold tabular-nums">
          {edition.terms.price === 0n ? 'Free' : format(edition.terms.price)}
        </span>
        <span className="text-sm text-quiet">{soldOut ? 'Sold out' : describeSupply(edition)}</span>
      </span>
      <span className="mt-1 block text-sm text-quiet">{describeTerms(edition.terms, sliceCount).join(' · ')}</span>
    </RadioGroup.Item>
  )
}

function describeSupply(edition: Edition): string {
  const left = keysLeft(edition)
  return left === undefined ? 'Unlimited' : `${String(left)} of ${String(edition.terms.maxSupply)} left`
}
