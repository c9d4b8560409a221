import type { ContentRow } from './contents-table.ts'

type Candidate = Pick<ContentRow, 'root' | 'pinned' | 'origin' | 'usedAt' | 'byteLength'>

/**
 * What has to go for `missing` bytes more, first to last: never what is pinned or was uploaded here; the least earned
 * first, and of equals the one used longest ago. `undefined` where all of it would not be enough.
 */
export function evictionFor<T extends Candidate>(
  rows: readonly T[],
  missing: number,
  earned: ReadonlyMap<string, bigint>,
): T[] | undefined {
  const earnedBy = ({ root }: T): bigint => earned.get(root) ?? 0n
  const order = rows
    .filter(({ pinned, origin }) => !pinned && !origin)
    .sort((left, right) => compare(earnedBy(left), earnedBy(right)) || left.usedAt - right.usedAt)
  let freed = 0
  const count = order.findIndex(({ byteLength }) => (freed += byteLength) >= missing)
  return count === -1 ? undefined : order.slice(0, count + 1)
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}
