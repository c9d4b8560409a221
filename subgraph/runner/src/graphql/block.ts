import type { EntityType } from '../schema/index.ts'
import { queryErrors } from './errors.ts'
import { raw, sql } from './sql.ts'
import type { Sql } from './sql.ts'

/** A block the index has come to. `hash` and `parentHash` are 0x hex, `timestamp` is in seconds since 1970. */
export type IndexedBlock = {
  readonly number: number
  readonly hash: string
  readonly parentHash?: string | undefined
  readonly timestamp?: number | undefined
}

/** What queries ask of the chain behind the entities; read in the query's own transaction. */
export type BlockSource = {
  readonly head: () => IndexedBlock | undefined
  /** The block of that hash, if the index has seen it and still knows it. */
  readonly byHash: (hash: string) => IndexedBlock | undefined
  /** The oldest block whose entities are all still there. */
  readonly earliest: () => number
}

/** The block a field is answered at. */
export type QueryBlock = {
  readonly number: number
  /** Whether it is the head, so that the current versions are the ones. */
  readonly isHead: boolean
  /** What `_meta` tells of it; only the number when it was asked for by number (graph-node, `locate_blocks`). */
  readonly known?: IndexedBlock | undefined
}

/**
 * Finds the block of a `block: { hash | number | number_gte }` argument, refused in graph-node's words
 * (graphql/src/store/resolver.rs, `locate_blocks`; graph/src/data/subgraph/schema.rs, `block_queryable`).
 */
export function locateBlock(argument: unknown, source: BlockSource, deployment: string): QueryBlock {
  const head = source.head()
  if (head === undefined) throw queryErrors.notSynced()
  const latest = { number: head.number, isHead: true, known: head }
  if (argument === undefined || argument === null) return latest
  const { hash, number, number_gte: least } = argument as Record<string, unknown>
  if (typeof hash === 'string') return at(byHash(hash, source), head, source, deployment)
  if (typeof number === 'number') return at({ number }, head, source, deployment)
  if (typeof least !== 'number') throw queryErrors.valueParse('block', 'invalid `BlockConstraint`')
  if (least > head.number) throw queryErrors.valueParse('block.number_gte', ahead(deployment, head.number, least))
  return latest
}

function byHash(hash: string, source: BlockSource): { number: number; known: IndexedBlock } {
  const normal = hash.toLowerCase()
  const known = source.byHash(normal.startsWith('0x') ? normal : `0x${normal}`)
  if (known === undefined) throw queryErrors.valueParse('block.hash', 'no block with that hash found')
  return { number: known.number, known }
}

function at(
  block: { readonly number: number; readonly known?: IndexedBlock },
  head: IndexedBlock,
  source: BlockSource,
  deployment: string,
): QueryBlock {
  const { number } = block
  if (number > head.number) throw queryErrors.valueParse('block.number', ahead(deployment, head.number, number))
  const earliest = source.earliest()
  if (number < earliest)
    throw queryErrors.valueParse(
      'block.number',
      `subgraph ${deployment} only has data starting at block number ${earliest} and data for block number ` +
        `${number} is therefore not available`,
    )
  return { ...block, isHead: number === head.number }
}

function ahead(deployment: string, head: number, wanted: number): string {
  return (
    `subgraph ${deployment} has only indexed up to block number ${head} and data for block number ${wanted} is ` +
    'therefore not yet available'
  )
}

/** The versions of an entity that hold at a block. */
export function validAt(entity: EntityType, alias: string, block: QueryBlock): Sql {
  if (entity.immutable) return block.isHead ? raw('1') : sql`${raw(alias)}.block_from <= ${block.number}`
  if (block.isHead) return raw(`${alias}.block_to IS NULL`)
  return sql`${raw(alias)}.block_from <= ${block.number} AND (${raw(alias)}.block_to IS NULL OR ${raw(alias)}.block_to > ${block.number})`
}
