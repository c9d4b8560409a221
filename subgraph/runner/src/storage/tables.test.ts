import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { beforeEach, describe, it } from 'node:test'
import { parseSchema } from '../schema/index.ts'
import { createQueryIndexes, createTables } from './tables.ts'

const SCHEMA = parseSchema(`
  type _Schema_ @fulltext(name: "noteSearch", language: en, algorithm: rank, include: [
    { entity: "Note", fields: [{ name: "title" }, { name: "body" }] }])
  enum Mood { GOOD BAD }
  type User @entity(immutable: true) { id: Bytes! name: String! notes: [Note!]! @derivedFrom(field: "author") }
  type Note @entity { id: String! author: User! title: String! body: String likes: BigInt! tags: [String!]! mood: Mood }`)

describe('the tables of a schema', () => {
  let database: DatabaseSync
  const rows = (sql: string) =>
    database
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
  const insert = (id: string, from: number, title: string, to: number | null = null) =>
    database
      .prepare(
        `INSERT INTO "entity_Note" (block_from, block_to, id, author, title, body, likes, tags)
         VALUES (?, ?, ?, x'01', ?, 'words', x'80', '[]')`,
      )
      .run(from, to, id, title)
  const search = (text: string) =>
    rows(
      `SELECT document.id FROM "fulltext$noteSearch$" AS search
       JOIN "document$noteSearch$" AS document ON document.doc = search.rowid
       WHERE search."fulltext$noteSearch$" MATCH '${text}' ORDER BY document.id`,
    ).map((row) => row['id'])

  beforeEach(() => {
    database = new DatabaseSync(':memory:')
    for (const sql of [...createTables(SCHEMA), ...createQueryIndexes(SCHEMA)]) database.exec(sql)
  })

  it('have a column for each field that is not derived, of its type', () => {
    const columns = (table: string) =>
      rows(`SELECT name, type, "notnull" AS required FROM pragma_table_info('${table}')`).map(
        ({ name, type, required }) => `${String(name)} ${String(type)}${required === 1 ? '!' : ''}`,
      )
    assert.deepEqual(columns('entity_User'), ['vid INTEGER', 'block_from INTEGER!', 'id BLOB!', 'name TEXT!'])
    assert.deepEqual(columns('entity_Note'), [
      'vid INTEGER',
      'block_from INTEGER!',
      'block_to INTEGER',
      'id TEXT!',
      'author BLOB!',
      'title TEXT!',
      'body TEXT',
      'likes BLOB!',
      'tags TEXT!',
      'mood TEXT',
    ])
  })

  it('can be made again over themselves', () => {
    for (const sql of [...createTables(SCHEMA), ...createQueryIndexes(SCHEMA)]) database.exec(sql)
    assert.deepEqual(rows('SELECT count(*) AS count FROM "entity_Note"'), [{ count: 0 }])
  })

  it('take one current version of an id', () => {
    insert('a', 1, 'one', 2)
    insert('a', 2, 'two')
    assert.throws(() => insert('a', 3, 'three'), /UNIQUE/)
  })

  it('take one row of an immutable id', () => {
    const user = database.prepare(`INSERT INTO "entity_User" (block_from, id, name) VALUES (?, x'01', 'u')`)
    user.run(1)
    assert.throws(() => user.run(2), /UNIQUE/)
  })

  it('find the words of every version, stemmed, each text once', () => {
    insert('a', 1, 'running shoes', 2)
    insert('a', 2, 'running shoes', 3)
    insert('a', 3, 'walking boots')
    insert('b', 1, 'run')
    assert.deepEqual(search('run'), ['a', 'b'])
    assert.deepEqual(search('boot'), ['a'])
    assert.deepEqual(rows('SELECT count(*) AS count FROM "document$noteSearch$"'), [{ count: 3 }])
  })

  it('forget a text with its last version, and not before', () => {
    insert('a', 1, 'running shoes', 2)
    insert('a', 2, 'running shoes')
    database.exec('DELETE FROM "entity_Note" WHERE block_from = 1')
    assert.deepEqual(search('shoes'), ['a'])
    database.exec('DELETE FROM "entity_Note" WHERE block_from = 2')
    assert.deepEqual(search('shoes'), [])
    database.exec(`INSERT INTO "fulltext$noteSearch$" ("fulltext$noteSearch$") VALUES ('integrity-check')`)
  })

  it('follow a version that is written again', () => {
    insert('a', 1, 'running shoes')
    database.exec(`UPDATE "entity_Note" SET title = 'hat' WHERE id = 'a'`)
    assert.deepEqual([search('shoes'), search('hat')], [[], ['a']])
    database.exec(`UPDATE "entity_Note" SET likes = x'8101' WHERE id = 'a'`)
    assert.deepEqual(search('hat'), ['a'])
    database.exec(`INSERT INTO "fulltext$noteSearch$" ("fulltext$noteSearch$") VALUES ('integrity-check')`)
  })
})
