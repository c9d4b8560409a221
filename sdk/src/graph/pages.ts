import { isHex } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'

/** What every question that is answered by pages takes. */
export type Paging = {
  /** From the page before. */
  readonly cursor?: string | undefined
  /** Rows of a page; 1 to 100. */
  readonly first?: number | undefined
}

/** A page of rows; where there is a `cursor` there were more when it was asked for. */
export type Page<row> = { readonly rows: readonly row[]; readonly cursor?: string }

/** A row's place among its like: the value that they are ordered by, then its id. */
export type Place = { readonly value: bigint; readonly id: Hex }

const DEFAULT_FIRST = 24
const MAX_FIRST = 100
const CURSOR = /^(-?\d{1,78}):(0x[0-9a-f]{2,256})$/

/** Rows of a page as asked for. @throws `BAD_INPUT` for other than 1 to 100 */
export function pageSize({ first = DEFAULT_FIRST }: Paging): number {
  if (Number.isInteger(first) && first >= 1 && first <= MAX_FIRST) return first
  throw new SluiceError('BAD_INPUT', `A page has 1 to ${MAX_FIRST} rows.`)
}

/**
 * What is ordered by `field` and comes after a cursor. Places rather than counts: what is published meanwhile moves nothing.
 * Ties are in the order of ids, in the direction of the rest, as graph-node has them.
 * @throws `BAD_INPUT` for what is no cursor
 */
export function after(cursor: string | undefined, field: string, direction: 'asc' | 'desc'): object[] {
  if (cursor === undefined) return []
  const { value, id } = parseCursor(cursor)
  const beyond = direction === 'asc' ? 'gt' : 'lt'
  const at = value.toString()
  return [{ or: [{ [`${field}_${beyond}`]: at }, { [field]: at, [`id_${beyond}`]: id }] }]
}

/** Makes a page of at most `size` rows, of which one more was asked for, to know whether there is another page. */
export function toPage<row>(rows: readonly row[], size: number, placeOf: (row: row) => Place): Page<row> {
  const kept = rows.slice(0, size)
  const last = kept.at(-1)
  if (rows.length <= size || last === undefined) return { rows: kept }
  const { value, id } = placeOf(last)
  return { rows: kept, cursor: `${value}:${id}` }
}

/** Takes rows that an index sent twice once. */
export function distinct<row>(rows: readonly row[], keyOf: (row: row) => Hex | bigint): row[] {
  return [...new Map(rows.map((row) => [keyOf(row), row])).values()]
}

function parseCursor(cursor: string): Place {
  const [, value, id] = CURSOR.exec(cursor) ?? []
  if (value === undefined || !isHex(id)) throw new SluiceError('BAD_INPUT', 'This is no place in a list.')
  return { value: BigInt(value), id }
}
