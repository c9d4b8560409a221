import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { digestOf } from '../../../bench/index/digest.ts'
import type { Digest } from '../../../bench/index/digest.ts'
import { parseSchema } from '../../../subgraph/runner/src/schema/index.ts'
import type { EntityType } from '../../../subgraph/runner/src/schema/index.ts'
import { entityTable, quote, storedFields } from '../../../subgraph/runner/src/storage/tables.ts'
import { decodeValue } from '../../../subgraph/runner/src/storage/values.ts'
import type { ColumnValue, Entity } from '../../../subgraph/runner/src/storage/values.ts'
import { ROOT } from '../../lib/paths.ts'

/** What the rows that the runner has now come to, by entity; entities without a row are left out. */
export async function digestsOfRunner(path: string): Promise<Record<string, Digest>> {
  const schema = parseSchema(await readFile(join(ROOT, 'subgraph/schema.graphql'), 'utf8'))
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const digests = [...schema.entities.values()].map((entity) => [entity.name, digestOf(readRows(database, entity))])
    return Object.fromEntries(digests.filter(([, digest]) => (digest as Digest).rows > 0)) as Record<string, Digest>
  } finally {
    database.close()
  }
}

function* readRows(database: DatabaseSync, entity: EntityType): Generator<Entity> {
  const fields = storedFields(entity)
  const columns = fields.map(({ name }) => quote(name)).join(', ')
  const current = entity.immutable ? '' : ' WHERE block_to IS NULL'
  const statement = database.prepare(`SELECT ${columns} FROM ${quote(entityTable(entity.name))}${current}`)
  statement.setReadBigInts(true)
  for (const row of statement.iterate()) {
    yield Object.fromEntries(fields.map((field) => [field.name, decodeValue(field, row[field.name] as ColumnValue)]))
  }
}
