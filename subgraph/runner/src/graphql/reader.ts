import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { createCache } from './cache.ts'
import { queryErrors } from './errors.ts'
import type { Limits } from './limits.ts'
import type { Row } from './rows.ts'
import type { Sql } from './sql.ts'
import type { Size } from './weight.ts'

const CACHED_STATEMENTS = 200

export type Reader = {
  readonly inTransaction: <Result>(read: () => Result) => Result
  readonly query: (statement: Sql) => Row[]
  /** Counts what is read and made. */
  readonly charge: (size: Size) => void
  /** Counts what is answered, which is more where parents share children. */
  readonly chargeAnswer: (size: Size) => void
}

/** Reads within the time and the size a query has. */
export function createReader(database: DatabaseSync, limits: Limits, clock: () => number): Reader {
  const statements = createCache<StatementSync>(CACHED_STATEMENTS)
  let [deadline, bytes] = [Infinity, 0]
  let [charge, chargeAnswer] = [createMeter(limits), createMeter(limits)]
  const checkTime = () => {
    if (clock() > deadline) throw queryErrors.timeout()
  }
  // SQL calls it now and then in what may take long (`compare.ts`).
  database.function('query_in_time', () => {
    checkTime()
    return 1
  })
  return {
    inTransaction(read) {
      ;[deadline, bytes] = [clock() + limits.timeoutMs, 0]
      ;[charge, chargeAnswer] = [createMeter(limits), createMeter(limits)]
      database.exec('BEGIN')
      try {
        return read()
      } finally {
        database.exec('ROLLBACK')
      }
    },
    query({ text, values }) {
      checkTime()
      const statement = statements.get(text, () => database.prepare(text))
      const rows: Row[] = []
      for (const row of statement.iterate(...values)) {
        if (rows.length >= limits.maxEntities) throw queryErrors.tooBig(rows.length + 1, limits.maxEntities)
        // Before the next row is read: one text may be as large as all that is allowed.
        bytes += bytesOf(row)
        if (bytes > limits.maxBytes) throw queryErrors.tooManyBytes(limits.maxBytes)
        rows.push(row)
      }
      return rows
    },
    charge: (size) => charge(size),
    chargeAnswer: (size) => chargeAnswer(size),
  }
}

function createMeter({ maxEntities, maxValues }: Limits): (size: Size) => void {
  let [entities, values] = [0, 0]
  return (size) => {
    entities += size.entities
    values += size.values
    if (entities > maxEntities) throw queryErrors.tooBig(entities, maxEntities)
    if (values > maxValues) throw queryErrors.tooManyValues(values, maxValues)
  }
}

/** What a row's texts and bytes take; numbers are bounded by the number of values. */
function bytesOf(row: Row): number {
  let bytes = 0
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'string' || value instanceof Uint8Array) bytes += value.length
  }
  return bytes
}
