import type { Hex } from 'viem'

/** What is used of every event, beside its arguments. */
export type Occurrence = {
  readonly log: { readonly logIndex: number; readonly address: Hex }
  readonly block: { readonly number: bigint; readonly timestamp: bigint }
  readonly transaction: { readonly hash: Hex }
}

const SECONDS_PER_DAY = 86_400

/** In unix seconds. */
export function timeOf({ block }: Occurrence): number {
  return Number(block.timestamp)
}

export function dayOf(event: Occurrence): number {
  return Math.floor(timeOf(event) / SECONDS_PER_DAY)
}

/** Where and when a row that never changes was written. */
export function placeOf(event: Occurrence) {
  return { at: timeOf(event), block: Number(event.block.number), transaction: event.transaction.hash }
}
