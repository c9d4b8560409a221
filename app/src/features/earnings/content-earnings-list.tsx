'use client'

import type { ContentEarnings } from '@sluice/node/api/client'
import Link from 'next/link'
import type { Address } from 'viem'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Section } from '../../ui/card.tsx'
import { bound, formatCount, shorten } from '../../ui/format.ts'

type ContentEarningsListProps = { contents: readonly ContentEarnings[]; token: Address }

/** Which contents earned it. */
export function ContentEarningsList({ contents, token }: ContentEarningsListProps) {
  const format = useFormatAmount(token)
  const sorted = contents.toSorted((a, b) => Number(BigInt(b.earned) - BigInt(a.earned)))
  return (
    <Section title="By content" hint="Slices that this node served, and what it was promised for them.">
      {sorted.length === 0 && <p className="text-sm text-quiet">This node has not served a paid slice yet.</p>}
      <ul className="-my-3 divide-y divide-line">
        {sorted.map(({ root, contentId, title, slices, earned }) => (
          <li key={root} className="flex items-center justify-between gap-4 py-3 text-sm">
            <div className="min-w-0">
              <p className="truncate font-medium">
                {contentId === undefined ? (
                  (title ?? shorten(root, 10, 6))
                ) : (
                  <Link href={`/content/?id=${contentId}`} className="rounded hover:underline">
                    {bound(title ?? shorten(root, 10, 6), 200)}
                  </Link>
                )}
              </p>
              <p className="text-quiet tabular-nums">{formatCount(slices, 'slice')} served</p>
            </div>
            <span className="shrink-0 font-semibold tabular-nums">{format(BigInt(earned))}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
