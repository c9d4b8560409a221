import { buildSchema } from 'graphql'
import type { GraphQLSchema } from 'graphql'
import type { EntityType, Field, Schema } from '../schema/index.ts'
import { filterKeys, orderKeys } from './filter-ops.ts'
import { queryNames } from './names.ts'
import { installScalars } from './scalars.ts'

/** What graph-node puts into every schema (graph/src/schema/meta.graphql). */
const COMMON = `
scalar BigDecimal
scalar BigInt
scalar Bytes

"8 bytes signed integer"
scalar Int8

"A string representation of microseconds UNIX timestamp (16 digits)"
scalar Timestamp

"The type for the top-level _meta field"
type _Meta_ {
  """
  Information about a specific subgraph block. The hash of the block
  will be null if the _meta field has a block constraint that asks for
  a block number. It will be filled if the _meta field has no block constraint
  and therefore asks for the latest  block
  """
  block: _Block_!
  "The deployment ID"
  deployment: String!
  "If \`true\`, the subgraph encountered indexing errors at some past block"
  hasIndexingErrors: Boolean!
}

type _Block_ {
  "The hash of the block"
  hash: Bytes
  "The block number"
  number: Int!
  "Integer representation of the timestamp stored in blocks for the chain"
  timestamp: Int
  "The hash of the parent block"
  parentHash: Bytes
}

enum _SubgraphErrorPolicy_ {
  "Data will be returned even if the subgraph has indexing errors"
  allow

  "If the subgraph has indexing errors, data will be omitted. The default."
  deny
}

input BlockChangedFilter {
  number_gte: Int!
}

"The block at which the query should be executed."
input Block_height {
  "Value containing a block hash"
  hash: Bytes
  "Value containing a block number"
  number: Int
  """
  Value containing the minimum block number.
  In the case of \`number_gte\`, the query will be executed on the latest block only if
  the subgraph has progressed to or past the minimum block number.
  Defaults to the latest block when omitted.
  """
  number_gte: Int
}

"Defines the order direction, either ascending or descending"
enum OrderDirection {
  asc
  desc
}
`

const BLOCK_DESCRIPTION =
  'The block at which the query should be executed. Can either be a `{ hash: Bytes }` value containing a block hash, a ' +
  '`{ number: Int }` containing the block number, or a `{ number_gte: Int }` containing the minimum block number. In the ' +
  'case of `number_gte`, the query will be executed on the latest block only if the subgraph has progressed to or past ' +
  'the minimum block number. Defaults to the latest block when omitted.'
const BLOCK = `"${BLOCK_DESCRIPTION}" block: Block_height`
const ERROR_POLICY =
  '"Set to `allow` to receive data even if the subgraph has skipped over errors while syncing." ' +
  'subgraphError: _SubgraphErrorPolicy_! = deny'

/**
 * The schema that queries are written against, derived as graph-node does (graph/src/schema/api.rs, `api_schema`):
 * for each entity two query fields, a `…_filter` and an `…_orderBy`; a query for each `@fulltext`; `_meta`.
 */
export function createApiSchema(schema: Schema): GraphQLSchema {
  const entities = [...schema.entities.values()]
  const text = [
    COMMON,
    ...[...schema.enums].map(([name, values]) => enumType(schema, name, values)),
    ...entities.flatMap((entity) => [entityType(schema, entity), orderByType(entity, schema), filterType(entity)]),
    queryType(schema),
  ].join('\n\n')
  return installScalars(buildSchema(text, { noLocation: true }))
}

function entityType(schema: Schema, { name, fields }: EntityType): string {
  const described = fields.map((field) => `${descriptionOf(schema, `${name}.${field.name}`)}${outputField(field)}`)
  return block(`${descriptionOf(schema, name)}type ${name}`, described)
}

function enumType(schema: Schema, name: string, values: readonly string[]): string {
  const described = values.map((value) => `${descriptionOf(schema, `${name}.${value}`)}${value}`)
  return block(`${descriptionOf(schema, name)}enum ${name}`, described)
}

/** What the subgraph's schema says of it, before its definition. JSON's strings are GraphQL's, too. */
function descriptionOf({ descriptions }: Schema, name: string): string {
  const text = descriptions.get(name)
  return text === undefined ? '' : `${JSON.stringify(text)} `
}

function outputField(field: Field): string {
  const element = field.isList ? `[${field.type}!]` : field.type
  const args = field.isList && field.kind === 'reference' ? `(${collectionArguments(field.type).join(', ')})` : ''
  return `${field.name}${args}: ${element}${field.isRequired ? '!' : ''}`
}

function orderByType(entity: EntityType, schema: Schema): string {
  return block(`enum ${entity.name}_orderBy`, orderKeys(entity, schema))
}

function filterType(entity: EntityType): string {
  const name = `${entity.name}_filter`
  const keys = [...filterKeys(entity)].map(([key, { type }]) => `${key}: ${type}`)
  return block(`input ${name}`, [
    ...keys,
    '"Filter for the block changed event." _change_block: BlockChangedFilter',
    `and: [${name}]`,
    `or: [${name}]`,
  ])
}

function queryType(schema: Schema): string {
  const entities = [...schema.entities.keys()].flatMap((name) => {
    const { one, many } = queryNames(name)
    const collection = [...collectionArguments(name), BLOCK, ERROR_POLICY].join(', ')
    return [`${one}(id: ID!, ${BLOCK}, ${ERROR_POLICY}): ${name}`, `${many}(${collection}): [${name}!]!`]
  })
  const fulltext = schema.fulltext.map(({ name, entity }) => {
    const args = ['text: String!', 'first: Int = 100', 'skip: Int = 0', BLOCK, `where: ${entity}_filter`, ERROR_POLICY]
    return `${name}(${args.join(', ')}): [${entity}!]!`
  })
  const meta = '"Access to subgraph metadata" _meta(block: Block_height): _Meta_'
  return block('type Query', [...entities, ...fulltext, meta])
}

function collectionArguments(entity: string): string[] {
  return [
    'skip: Int = 0',
    'first: Int = 100',
    `orderBy: ${entity}_orderBy`,
    'orderDirection: OrderDirection',
    `where: ${entity}_filter`,
  ]
}

function block(head: string, lines: readonly string[]): string {
  return `${head} {\n  ${lines.join('\n  ')}\n}`
}
