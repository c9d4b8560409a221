'use client'

import type { Edition } from '@sluice/sdk/chain'
import type { Hex } from 'viem'
import { keysLeft, useEditions } from '../../web3/use-content-data.ts'
import { useFormatAmount } from '../../web3/use-token.ts'
import { Skeleton } from '../../ui/skeleton.tsx'

/** The lowest price at which a content can be had now. */
export function CardPrice({ contentId }: { contentId: Hex }) {
  const { data: editions, isPending } = useEditions(contentId)
  if (isPending) return <Skeleton className="h-5 w-20" />
  const open = (editions ?? []).filter((edition) => keysLeft(edition) !== 0n)
  const cheapest = open.toSorted(byPrice)[0]
  if (cheapest === undefined) {
    return <span className="text-sm font-medium text-quiet">{editions?.length ? 'Sold out' : 'Not for sale'}</span>
  }
  return <Price edition={cheapest} from={open.length > 1} />
}

function Price({ edition, from }: { edition: Edition; from: boolean }) {
  const format = useFormatAmount(edition.terms.token)
  if (edition.terms.price === 0n) return <span className="font-semibold">Free key</span>
  return (
    <span className="font-semibold tabular-nums">
      {from && <span className="text-sm font-normal text-quiet">from </span>}
      {format(edition.terms.price)}
    </span>
  )
}

function byPrice(a: Edition, b: Edition): number {
  if (a.terms.price === b.terms.price) return 0
  return a.terms.price < b.terms.price ? -1 : 1
}
