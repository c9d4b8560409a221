import type { EntityType, Field, Fulltext, Schema, ValueType } from '../schema/index.ts'

/** STRICT tables know these; `BigInt` is a BLOB that sorts as the number does (`values.ts`). */
const COLUMN_TYPES: Readonly<Record<ValueType, string>> = {
  String: 'TEXT',
  Bytes: 'BLOB',
  Int: 'INTEGER',
  Int8: 'INTEGER',
  Timestamp: 'INTEGER',
  Boolean: 'INTEGER',
  BigInt: 'BLOB',
}

/** FTS5 has a stemmer for English alone; the other languages are split into words, without regard to case and accents. */
const ENGLISH = 'porter unicode61'
const OTHER_LANGUAGES = 'unicode61'

/** A name as SQL takes it. GraphQL's names are letters, digits and `_`, so there is nothing to escape. */
export function quote(name: string): string {
  return `"${name}"`
}

/** The table of an entity's versions, unquoted; the prefix keeps it apart from the store's own tables. */
export function entityTable(entity: string): string {
  return `entity_${entity}`
}

/** The FTS5 table of a `@fulltext` query, unquoted; its rowid is `documentTable`'s `doc`. */
export function fulltextTable(name: string): string {
  return `fulltext$${name}$`
}

/** The texts a `@fulltext` query has seen, unquoted: one row for each entity id and text, however many versions have it. */
export function documentTable(name: string): string {
  return `document$${name}$`
}

/** The fields with a column, in order; derived ones have none. */
export function storedFields(entity: EntityType): readonly Field[] {
  return entity.fields.filter((field) => field.derivedFrom === undefined)
}

/**
 * The tables of a schema. Each version of an entity is a row, valid from block `block_from` up to but without `block_to`
 * (null while it is current); rows of immutable entities have no `block_to`. `vid` grows with every row written.
 *
 * Fulltext follows by triggers on INSERT, DELETE and UPDATE of its fields, so a writer need not know of it, but must not
 * use `INSERT OR REPLACE`, which deletes without telling triggers. The documents depend on nothing but the set of
 * versions there are: after a rollback they are what they would be had the blocks never come.
 */
export function createTables(schema: Schema): string[] {
  return [
    ...[...schema.entities.values()].flatMap((entity) => [createTable(entity), currentIndex(entity)]),
    ...schema.fulltext.flatMap(createFulltext),
  ]
}

/**
 * Indexes that only queries and rollbacks need: the versions of an id and of a block, one for each reference, over all versions,
 * and one for each number that is ordered by, over the current ones. They can be made after the first sync, which is faster for
 * not having them.
 */
export function createQueryIndexes(schema: Schema): string[] {
  return [
    ...[...schema.entities.values()].flatMap((entity) => [
      ...versionIndexes(entity),
      ...storedFields(entity).flatMap((field) => fieldIndexes(entity, field)),
    ]),
    // What was written in many small steps is searched faster in one piece.
    ...schema.fulltext.map(({ name }) => {
      const search = quote(fulltextTable(name))
      return `INSERT INTO ${search} (${search}) VALUES ('optimize')`
    }),
  ]
}

function fieldIndexes(entity: EntityType, field: Field): string[] {
  if (field.name === 'id' || field.isList) return []
  if (field.kind === 'reference')
    return [createIndex(entity, field.name, [field.name, ...(entity.immutable ? [] : ['block_to']), 'id'], '')]
  return isOrdered(field) ? [createIndex(entity, field.name, [field.name, 'id'], currentOnly(entity))] : []
}

function isOrdered(field: Field): boolean {
  return ['BigInt', 'Int', 'Int8', 'Timestamp'].includes(field.valueType)
}

function createTable(entity: EntityType): string {
  const own = ['vid INTEGER PRIMARY KEY', 'block_from INTEGER NOT NULL']
  if (!entity.immutable) own.push('block_to INTEGER')
  const columns = [...own, ...storedFields(entity).map(columnDefinition)]
  return `CREATE TABLE IF NOT EXISTS ${quote(entityTable(entity.name))} (\n  ${columns.join(',\n  ')}\n) STRICT`
}

function columnDefinition(field: Field): string {
  const type = field.isList ? 'TEXT' : COLUMN_TYPES[field.valueType]
  return `${quote(field.name)} ${type}${field.isRequired ? ' NOT NULL' : ''}`
}

const indexName = (entity: EntityType, suffix: string) => quote(`${entityTable(entity.name)}$${suffix}`)

/** What the writer needs: the current version of an id. */
function currentIndex(entity: EntityType): string {
  const table = quote(entityTable(entity.name))
  return `CREATE UNIQUE INDEX IF NOT EXISTS ${indexName(entity, 'id')} ON ${table} (id)${currentOnly(entity)}`
}

/** The versions of an id, and what a rollback touches. */
function versionIndexes(entity: EntityType): string[] {
  const table = quote(entityTable(entity.name))
  const from = `CREATE INDEX IF NOT EXISTS ${indexName(entity, 'from')} ON ${table} (block_from)`
  if (entity.immutable) return [from]
  return [
    `CREATE INDEX IF NOT EXISTS ${indexName(entity, 'versions')} ON ${table} (id, block_from)`,
    from,
    `CREATE INDEX IF NOT EXISTS ${indexName(entity, 'to')} ON ${table} (block_to) WHERE block_to IS NOT NULL`,
  ]
}

function currentOnly(entity: EntityType): string {
  return entity.immutable ? '' : ' WHERE block_to IS NULL'
}

function createIndex(entity: EntityType, suffix: string, columns: readonly string[], where: string): string {
  const table = entityTable(entity.name)
  return `CREATE INDEX IF NOT EXISTS ${quote(`${table}$by$${suffix}`)} ON ${quote(table)} (${columns.map(quote).join(', ')})${where}`
}

function createFulltext(fulltext: Fulltext): string[] {
  const document = quote(documentTable(fulltext.name))
  const search = quote(fulltextTable(fulltext.name))
  const columns = fulltext.fields.map(quote).join(', ')
  const tokenizer = fulltext.language === 'en' ? ENGLISH : OTHER_LANGUAGES
  return [
    // The id's type is that of its entity, which a column without one keeps as it comes.
    `CREATE TABLE IF NOT EXISTS ${document} (doc INTEGER PRIMARY KEY, id NOT NULL, ${columns})`,
    `CREATE INDEX IF NOT EXISTS ${quote(`${documentTable(fulltext.name)}id`)} ON ${document} (id)`,
    `CREATE VIRTUAL TABLE IF NOT EXISTS ${search} USING fts5(${columns}, content=${document}, content_rowid=doc, ` +
      `tokenize='${tokenizer}', prefix='2 3 4')`,
    ...documentTriggers(fulltext),
    ...entityTriggers(fulltext),
  ]
}

/** The index follows the documents. */
function documentTriggers({ name, fields }: Fulltext): string[] {
  const document = documentTable(name)
  const search = quote(fulltextTable(name))
  const columns = fields.map(quote).join(', ')
  const values = (row: 'new' | 'old') => [`${row}.doc`, ...fields.map((field) => `${row}.${quote(field)}`)].join(', ')
  return [
    `CREATE TRIGGER IF NOT EXISTS ${quote(`${document}insert`)} AFTER INSERT ON ${quote(document)} BEGIN ` +
      `INSERT INTO ${search} (rowid, ${columns}) VALUES (${values('new')}); END`,
    `CREATE TRIGGER IF NOT EXISTS ${quote(`${document}delete`)} AFTER DELETE ON ${quote(document)} BEGIN ` +
      `INSERT INTO ${search} (${search}, rowid, ${columns}) VALUES ('delete', ${values('old')}); END`,
  ]
}

/** The documents follow the versions: a text is there while at least one version has it. */
function entityTriggers({ name, entity, fields }: Fulltext): string[] {
  const table = entityTable(entity)
  const document = quote(documentTable(name))
  const columns = ['id', ...fields.map(quote)]
  const same = (row: 'new' | 'old') => columns.map((column) => `${column} IS ${row}.${column}`).join(' AND ')
  const add =
    `INSERT INTO ${document} (${columns.join(', ')}) SELECT ${columns.map((column) => `new.${column}`).join(', ')} ` +
    `WHERE NOT EXISTS (SELECT 1 FROM ${document} WHERE ${same('new')});`
  const drop =
    `DELETE FROM ${document} WHERE ${same('old')} ` +
    `AND NOT EXISTS (SELECT 1 FROM ${quote(table)} WHERE ${same('old')});`
  const trigger = (event: string, of: string, body: string) =>
    `CREATE TRIGGER IF NOT EXISTS ${quote(`${table}$${name}$${event}`)} AFTER ${event}${of} ON ${quote(table)} BEGIN ${body} END`
  return [
    trigger('INSERT', '', add),
    trigger('DELETE', '', drop),
    trigger('UPDATE', ` OF ${columns.join(', ')}`, `${add} ${drop}`),
  ]
}
