import type { Field } from '../schema/index.ts'
import { encodeElement } from '../storage/values.ts'
import { queryErrors } from './errors.ts'
import type { FilterOp } from './filter-ops.ts'
import type { Limits } from './limits.ts'
import { toGlob } from './pattern.ts'
import { toColumnValue, toPlainValue, valueList } from './query-values.ts'
import { column, raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

/** A comparison of one field with a value of the query. */
export type Comparison = { readonly field: Field; readonly op: FilterOp; readonly value: unknown }

const ORDER_SIGNS: Readonly<Partial<Record<FilterOp, string>>> = { gt: '>', lt: '<', gte: '>=', lte: '<=' }

/**
 * SQL for one comparison, by the rules of graph-node (store/postgres/src/relational_queries.rs, `Filter`): null is
 * compared by `=` and `not` alone, nothing else holds of a null, and a set that is empty holds nothing, `not_in` included.
 */
export function compare({ field, op, value }: Comparison, alias: string, limits: Limits): Sql {
  const target = column(alias, field.name)
  if (value === null) return compareNull(target, op)
  if (field.isList) return guard(compareList(target, field, op, listOf(value, op, limits)), alias)
  if (op === '') return sql`${target} = ${toColumnValue(field, value)}`
  if (op === 'not') return sql`${target} != ${toColumnValue(field, value)}`
  const sign = ORDER_SIGNS[op]
  if (sign !== undefined) return sql`${target} ${raw(sign)} ${toColumnValue(field, value)}`
  if (op === 'in' || op === 'not_in') return compareSet(target, field, op, listOf(value, op, limits))
  return guard(
    field.valueType === 'Bytes' ? compareBytes(target, field, op, value) : compareText(target, op, value, limits),
    alias,
  )
}

function compareNull(target: Sql, op: FilterOp): Sql {
  if (op === '') return sql`${target} IS NULL`
  if (op === 'not') return sql`${target} IS NOT NULL`
  if (op === 'in' || op === 'not_in') throw queryErrors.notAList(`_${op}`)
  throw queryErrors.unsupportedFilter(ORDER_SIGNS[op] ?? op, 'null')
}

function compareSet(target: Sql, field: Field, op: 'in' | 'not_in', values: readonly unknown[]): Sql {
  if (values.length === 0) return raw('0')
  const list = valueList(
    field.valueType,
    values.map((value) => toColumnValue(field, value)),
  )
  return op === 'in' ? sql`${target} IN ${list}` : sql`${target} NOT IN ${list}`
}

/** `contains` of a string that starts or ends with `%` is taken for a pattern as it stands, as graph-node does. */
function compareText(target: Sql, op: FilterOp, value: unknown, limits: Limits): Sql {
  if (typeof value !== 'string') throw queryErrors.unsupportedFilter(op, String(value))
  if (value.length > limits.maxPatternLength) throw queryErrors.tooExpensive()
  const pattern = textPattern(op, value)
  const not = raw(op.startsWith('not_') ? 'NOT ' : '')
  // Postgres folds case by the database's locale; graph-node requires C, which folds ASCII letters alone, as LIKE does here.
  if (op.endsWith('_nocase')) return sql`${target} ${not}LIKE ${pattern} ESCAPE '\\'`
  return sql`${target} ${not}GLOB ${toGlob(pattern)}`
}

function textPattern(op: FilterOp, value: string): string {
  if (op.includes('starts_with')) return `${value}%`
  if (op.includes('ends_with')) return `%${value}`
  return value.startsWith('%') || value.endsWith('%') ? value : `%${value}%`
}

function compareBytes(target: Sql, field: Field, op: FilterOp, value: unknown): Sql {
  if (op.endsWith('_nocase')) throw queryErrors.unsupportedFilter(op, String(value))
  const bytes = toColumnValue(field, value)
  const length = bytes instanceof Uint8Array ? bytes.length : 0
  const sign = raw(op.startsWith('not_') ? '!=' : '=')
  if (op.includes('starts_with')) return sql`substr(${target}, 1, ${length}) ${sign} ${bytes}`
  if (op.includes('ends_with'))
    return sql`substr(${target}, max(1, length(${target}) - ${length} + 1)) ${sign} ${bytes}`
  return op === 'contains' ? sql`instr(${target}, ${bytes}) > 0` : sql`instr(${target}, ${bytes}) = 0`
}

/** Postgres's `=`, `@>` (has all of them), `&&` (has one of them); `_nocase` takes the values for patterns. */
function compareList(target: Sql, field: Field, op: FilterOp, values: readonly unknown[]): Sql {
  const elements = values.map((value) => encodeElement(field.valueType, toPlainValue(field, value), field.name))
  const json = JSON.stringify(elements)
  switch (op) {
    case '':
      return sql`${target} = ${json}`
    case 'not':
      return sql`${target} != ${json}`
    case 'contains':
      return sql`(${target} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM json_each(${json}) AS wanted WHERE wanted.value NOT IN (SELECT value FROM json_each(${target}))))`
    case 'not_contains':
      return sql`(${target} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM json_each(${target}) AS had WHERE had.value IN (SELECT value FROM json_each(${json}))))`
    case 'contains_nocase':
      return sql`EXISTS (${alike(target, json)})`
    case 'not_contains_nocase':
      return sql`NOT EXISTS (${alike(target, json)})`
    default:
      throw queryErrors.unsupportedFilter(op, json.slice(0, 100))
  }
}

function alike(target: Sql, json: string): Sql {
  return sql`SELECT 1 FROM json_each(${target}) AS had, json_each(${json}) AS wanted WHERE had.value LIKE wanted.value ESCAPE '\\'`
}

function listOf(value: unknown, op: FilterOp, limits: Limits): readonly unknown[] {
  if (!Array.isArray(value)) throw queryErrors.notAList(`_${op}`)
  if (value.length > limits.maxListLength) throw queryErrors.tooExpensive()
  return value
}

/** Looks at the clock once in 64 rows: what no index answers must not run for longer than a query may. */
function guard(condition: Sql, alias: string): Sql {
  return sql`CASE WHEN ${raw(alias)}.vid & 63 OR query_in_time() THEN ${condition} END`
}
