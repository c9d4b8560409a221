import type { ContentRow } from './contents-table.ts'

/**
 * What may go when room is needed, first to last: never what is pinned or was uploaded here; the least earned first, and
 * of equals the one used longest ago.
 */
export function evictionOrder(rows: readonly ContentRow[], earned: (root: string) => bigint): ContentRow[] {
  return rows
    .filter(({ pinned, origin }) => !pinned && !origin)
    .map((row) => ({ row, earned: earned(row.root) }))
    .sort((left, right) => compare(left.earned, right.earned) || left.row.usedAt - right.row.usedAt)
    .map(({ row }) => row)
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0
}
