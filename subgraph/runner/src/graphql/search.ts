import type { Fulltext } from '../schema/index.ts'
import { documentTable, fulltextTable } from '../storage/tables.ts'
import { SELF, conditionsOf, from, range } from './collection-sql.ts'
import type { SqlContext } from './collection-sql.ts'
import { queryErrors } from './errors.ts'
import { parseFulltextQuery } from './fulltext-query.ts'
import type { FulltextQuery } from './fulltext-query.ts'
import type { EntityPlan } from './plan.ts'
import { selectColumns } from './rows.ts'
import type { Row } from './rows.ts'
import { all, column, raw, sql, table } from './sql.ts'
import type { Sql } from './sql.ts'

/**
 * How many of the newest texts that match are ranked, for the first pages and for the rest: ranking costs by the match.
 */
const RANKED = { first: 400, rest: 10_000 }
const FIRST_PAGES = 200
/** Ranked texts that are turned into entities at a time, at least. */
const BATCH = 32

const DOCUMENT = 'document'

/**
 * What a `@fulltext` query finds, the best first, ties the newest text first: by BM25, and for `proximityRank` what has
 * the words close together before the rest. Of a search that finds very many texts the newest are ranked, unless a
 * `where` selects further.
 */
export function searchRows(context: SqlContext, plan: EntityPlan, run: (statement: Sql) => Row[]): Row[] {
  const { fulltext, args } = plan
  const text = args['text']
  if (fulltext === undefined || typeof text !== 'string') return []
  if (text.length > context.limits.maxPatternLength) throw queryErrors.tooExpensive()
  const query = parseFulltextQuery(text, fulltext.language)
  if (query === undefined) return []
  if (args['where'] !== undefined && args['where'] !== null)
    return run(sql`${selectFound(context, plan, fulltext, query)} ${range(plan)}`)
  return rankedRows(context, plan, fulltext, run(selectRanked(plan, fulltext, query)), run)
}

/** Entities of texts already in order. A text may be that of another block, so how many it takes is seen on the way. */
function rankedRows(
  context: SqlContext,
  plan: EntityPlan,
  fulltext: Fulltext,
  ranked: readonly Row[],
  run: (statement: Sql) => Row[],
): Row[] {
  const wanted = plan.skip + plan.first
  const rows: Row[] = []
  for (let at = 0, size = Math.max(BATCH, wanted); at < ranked.length && rows.length < wanted; at += size, size *= 2) {
    const documents = ranked.slice(at, at + size).map((row) => Number(row['doc']))
    rows.push(...run(selectEntities(context, plan, fulltext, documents)))
  }
  return rows.slice(plan.skip, wanted)
}

function selectRanked(plan: EntityPlan, fulltext: Fulltext, query: FulltextQuery): Sql {
  const index = table(fulltextTable(fulltext.name))
  const matches = sql`${index} MATCH ${query.match}`
  const count = plan.skip + plan.first <= FIRST_PAGES ? RANKED.first : RANKED.rest
  const newest = sql`SELECT rowid AS doc FROM ${index} WHERE ${matches} ORDER BY rowid DESC LIMIT ${count}`
  return sql`SELECT rowid AS doc FROM ${index} WHERE ${matches} AND rowid >= (SELECT min(doc) FROM (${newest})) AND ${inTime(index)} ORDER BY ${rank(fulltext, query)}`
}

function selectEntities(context: SqlContext, plan: EntityPlan, fulltext: Fulltext, ids: readonly number[]): Sql {
  const json = JSON.stringify(ids)
  const named = sql`json_each(${json}) AS ranked CROSS JOIN ${documents(fulltext, raw('ranked.value'))}`
  return sql`SELECT ${selectColumns(plan, SELF)} FROM ${named} CROSS JOIN ${entities(plan, fulltext)} WHERE ${conditionsOf(context, plan, SELF)} ORDER BY ranked.key`
}

function selectFound(context: SqlContext, plan: EntityPlan, fulltext: Fulltext, query: FulltextQuery): Sql {
  const index = table(fulltextTable(fulltext.name))
  const conditions = all([sql`${index} MATCH ${query.match}`, inTime(index), conditionsOf(context, plan, SELF)])
  return sql`SELECT ${selectColumns(plan, SELF)} FROM ${index} CROSS JOIN ${documents(fulltext, sql`${index}.rowid`)} CROSS JOIN ${entities(plan, fulltext)} WHERE ${conditions} ORDER BY ${rank(fulltext, query)}`
}

function documents({ name }: Fulltext, doc: Sql): Sql {
  return sql`${table(documentTable(name))} AS ${raw(DOCUMENT)} ON ${column(DOCUMENT, 'doc')} = ${doc}`
}

/** The entity of a text, where it has that text. */
function entities(plan: EntityPlan, fulltext: Fulltext): Sql {
  const sameTexts = fulltext.fields.map((name) => sql`${column(SELF, name)} IS ${column(DOCUMENT, name)}`)
  return sql`${from(plan.entity, SELF)} ON ${all([sql`${column(SELF, 'id')} = document.id`, ...sameTexts])}`
}

function rank({ name, algorithm }: Fulltext, { near }: FulltextQuery): Sql {
  const index = table(fulltextTable(name))
  const best = sql`bm25(${index}), ${index}.rowid DESC`
  if (near === undefined || algorithm === 'rank') return best
  return sql`${index}.rowid IN (SELECT rowid FROM ${index} WHERE ${index} MATCH ${near}) DESC, ${best}`
}

function inTime(index: Sql): Sql {
  return sql`(${index}.rowid & 63 OR query_in_time())`
}
