import type { SQLOutputValue } from 'node:sqlite'
import { isHex } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '@sluice/sdk'

export type Row = Record<string, SQLOutputValue>

/** Readers of one column each. A row that is not what the schema says means a damaged file: STORE_CORRUPT. */

export function readText(row: Row, column: string): string {
  const value = row[column]
  if (typeof value !== 'string') throw corrupt(column)
  return value
}

export function readHex(row: Row, column: string): Hex {
  const value = row[column]
  if (!isHex(value, { strict: false })) throw corrupt(column)
  return value
}

export function readAmount(row: Row, column: string): bigint {
  try {
    return BigInt(readText(row, column))
  } catch {
    throw corrupt(column)
  }
}

export function readNumber(row: Row, column: string): number {
  const value = row[column]
  if (typeof value !== 'number') throw corrupt(column)
  return value
}

function corrupt(column: string): SluiceError {
  return new SluiceError('STORE_CORRUPT', `The ledger holds no valid ${column}.`)
}
