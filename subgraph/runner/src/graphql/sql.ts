import { quote } from '../storage/tables.ts'
import type { ColumnValue } from '../storage/values.ts'

/** A piece of SQL and the values of its `?`, in order. Nothing that a client wrote is ever in `text`. */
export type Sql = { readonly text: string; readonly values: readonly ColumnValue[] }

/** Puts pieces together: an `Sql` goes in as it is, any other value becomes a bound `?`. */
export function sql(parts: TemplateStringsArray, ...inserts: readonly (Sql | ColumnValue)[]): Sql {
  let text = parts[0] ?? ''
  const values: ColumnValue[] = []
  inserts.forEach((insert, index) => {
    if (isSql(insert)) {
      text += insert.text
      values.push(...insert.values)
    } else {
      text += '?'
      values.push(insert)
    }
    text += parts[index + 1] ?? ''
  })
  return { text, values }
}

/** SQL that the program wrote itself. */
export function raw(text: string): Sql {
  return { text, values: [] }
}

/** `alias."field"` */
export function column(alias: string, field: string): Sql {
  return raw(`${alias}.${quote(field)}`)
}

export function table(name: string): Sql {
  return raw(quote(name))
}

export function join(pieces: readonly Sql[], separator: string): Sql {
  return {
    text: pieces.map((piece) => piece.text).join(separator),
    values: pieces.flatMap((piece) => piece.values),
  }
}

/** Conditions that must all hold; none is true. */
export function all(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? raw('1') : sql`(${join(conditions, ' AND ')})`
}

/** Conditions of which one must hold; none is false. */
export function any(conditions: readonly Sql[]): Sql {
  return conditions.length === 0 ? raw('0') : sql`(${join(conditions, ' OR ')})`
}

function isSql(value: Sql | ColumnValue): value is Sql {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}
