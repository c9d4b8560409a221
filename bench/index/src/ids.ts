import type { Hex } from 'viem'
import type { Occurrence } from './occurrence.ts'

/** As `subgraph/src/ids.ts` makes them. */

const BITS_PER_DIGIT = 4

function digits(value: number | bigint, bytes: number): string {
  return value.toString(16).padStart((bytes * 8) / BITS_PER_DIGIT, '0')
}

export function fourBytes(value: number): Hex {
  return `0x${digits(value, 4)}`
}

export function word(value: bigint): Hex {
  return `0x${digits(value, 32)}`
}

export function join(first: Hex, ...others: readonly Hex[]): Hex {
  return others.reduce((joined, next): Hex => `${joined}${next.slice(2)}`, first)
}

/** Of one subject on one day, or of one of its numbered things. */
export function numberedId(subject: Hex, number: number): Hex {
  return `${subject}${digits(number, 4)}`
}

export function lockboxId(editionId: Hex, epoch: number): Hex {
  return `${editionId}${digits(epoch, 8)}`
}

export function eventId({ transaction, log }: Occurrence): Hex {
  return `${transaction.hash}${digits(log.logIndex, 4)}`
}

export function eventItemId(event: Occurrence, index: number): Hex {
  return `${eventId(event)}${digits(index, 4)}`
}
