import { DatabaseSync } from 'node:sqlite'
import { createExecutor } from '../graphql/index.ts'
import type { IndexedBlock, Limits, QueryResponse } from '../graphql/index.ts'
import { parseSchema } from '../schema/index.ts'
import type { Schema } from '../schema/index.ts'
import { createQueryIndexes, createTables, entityTable, quote, storedFields } from '../storage/tables.ts'
import { encodeValue } from '../storage/values.ts'
import type { Entity } from '../storage/values.ts'

/** Entities in memory, written as versions straight into the tables, and queries over them. */
export type TestSubgraph = {
  readonly database: DatabaseSync
  /** Writes a version of an entity at a block, which becomes the head; an entity that was there ends. */
  readonly write: (block: number, type: string, entity: Entity) => void
  readonly remove: (block: number, type: string, id: Entity[string]) => void
  /** Makes a block the head without anything happening in it. */
  readonly advance: (block: number) => void
  readonly execute: (query: string, variables?: Record<string, unknown>) => QueryResponse
  /** The data of an answer that must have no errors. */
  readonly data: (query: string, variables?: Record<string, unknown>) => Record<string, never>
  /** The messages of an answer that must have errors, and no data. */
  readonly errors: (query: string, variables?: Record<string, unknown>) => string[]
}

export declare namespace createTestSubgraph {
  type Options = {
    readonly limits?: Partial<Limits>
    readonly earliest?: number
    readonly clock?: () => number
    readonly hasIndexingErrors?: boolean
  }
}

export function createTestSubgraph(schemaText: string, options: createTestSubgraph.Options = {}): TestSubgraph {
  const schema = parseSchema(schemaText)
  const database = new DatabaseSync(':memory:')
  for (const statement of [...createTables(schema), ...createQueryIndexes(schema)]) database.exec(statement)
  let head: number | undefined
  const { earliest = 0, hasIndexingErrors = false, ...rest } = options
  const executor = createExecutor({
    database,
    schema,
    deployment: 'test',
    blocks: {
      head: () => (head === undefined ? undefined : testBlock(head)),
      byHash: (hash) => (BigInt(hash) < 1000n ? testBlock(Number(hash)) : undefined),
      earliest: () => earliest,
    },
    hasIndexingErrors: () => hasIndexingErrors,
    ...rest,
  })
  const writer = createWriter(database, schema)
  const reach = (block: number) => {
    head = Math.max(head ?? 0, block)
  }
  return {
    database,
    ...createClient((query, variables) => executor.execute({ query, variables })),
    write(block, name, entity) {
      writer.end(block, name, entity['id'])
      writer.insert(block, name, entity)
      reach(block)
    },
    remove(block, name, id) {
      writer.end(block, name, id)
      reach(block)
    },
    advance: reach,
  }
}

function createClient(execute: TestSubgraph['execute']): Pick<TestSubgraph, 'execute' | 'data' | 'errors'> {
  return {
    execute,
    data(query, variables) {
      const response = execute(query, variables)
      if (!('data' in response)) throw new Error(response.errors.map((error) => error.message).join('; '))
      return JSON.parse(JSON.stringify(response.data)) as Record<string, never>
    },
    errors(query, variables) {
      const response = execute(query, variables)
      if ('data' in response) throw new Error(`answered ${JSON.stringify(response.data)}`)
      return response.errors.map((error) => error.message)
    },
  }
}

type Writer = {
  readonly insert: (block: number, name: string, entity: Entity) => void
  readonly end: (block: number, name: string, id: Entity[string] | undefined) => void
}

function createWriter(database: DatabaseSync, schema: Schema): Writer {
  const typeOf = (name: string) => {
    const entity = schema.entities.get(name)
    const idField = entity?.field('id')
    if (entity === undefined || idField === undefined) throw new Error(`no entity ${name}`)
    return { entity, idField, table: quote(entityTable(name)), fields: storedFields(entity) }
  }
  return {
    insert(block, name, entity) {
      const { table, fields } = typeOf(name)
      const columns = fields.map((field) => quote(field.name)).join(', ')
      const marks = fields.map(() => '?').join(', ')
      const values = fields.map((field) => encodeValue(field, entity[field.name]))
      database.prepare(`INSERT INTO ${table} (block_from, ${columns}) VALUES (?, ${marks})`).run(block, ...values)
    },
    end(block, name, id) {
      const { entity, idField, table } = typeOf(name)
      if (entity.immutable) return
      const update = `UPDATE ${table} SET block_to = ? WHERE id = ? AND block_to IS NULL`
      database.prepare(update).run(block, encodeValue(idField, id))
    },
  }
}

/** Block 5 has the hash 0x00…05 and the time 1,005 s. */
export function testBlock(number: number): IndexedBlock {
  const hash = (of: number) => `0x${of.toString(16).padStart(64, '0')}`
  return { number, hash: hash(number), parentHash: hash(Math.max(0, number - 1)), timestamp: 1000 + number }
}
