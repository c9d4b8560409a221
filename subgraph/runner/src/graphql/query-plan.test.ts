import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createTestSubgraph } from '../testing/test-subgraph.ts'

const SCHEMA = `
type Owner @entity { id: Bytes! things: [Thing!]! @derivedFrom(field: "owner") }
type Thing @entity { id: ID! owner: Owner! size: BigInt! at: Int8! seen: Int }`

/** The steps of the statements a query runs, as SQLite explains them. */
function stepsOf(query: string): string[] {
  const { database, write, advance, data } = createTestSubgraph(SCHEMA)
  for (let block = 1; block <= 2; block += 1) {
    write(block, 'Owner', { id: Uint8Array.of(1) })
    write(block, 'Thing', { id: 'a', owner: Uint8Array.of(1), size: 1n, at: 1n, seen: 1 })
  }
  advance(3)
  const statements: string[] = []
  const prepare = database.prepare.bind(database)
  database.prepare = (text) => {
    statements.push(text)
    return prepare(text)
  }
  data(query)
  return statements.flatMap((text) =>
    prepare(`EXPLAIN QUERY PLAN ${text}`)
      .all(...Array.from({ length: (text.match(/\?/g) ?? []).length }, () => 1))
      .map((row) => String(row['detail'])),
  )
}

describe('the statements of a query', () => {
  for (const field of ['size', 'at'])
    it(`read a list in the order of ${field} off an index, ties included`, () => {
      const steps = stepsOf(`{ things(orderBy: ${field}, orderDirection: desc) { id } }`)
      assert.deepEqual(steps, [`SCAN self USING INDEX entity_Thing$by$${field}`])
    })

  it('find an entity by its id, now and at a block that was', () => {
    assert.match(
      stepsOf('{ thing(id: "a") { seen } }').join(),
      /SEARCH self USING INDEX entity_Thing\$(id|versions) \(id=\?/,
    )
    assert.match(
      stepsOf('{ thing(id: "a", block: { number: 1 }) { seen } }').join(),
      /SEARCH self USING INDEX entity_Thing\$versions \(id=\? AND block_from<\?\)/,
    )
  })

  for (const block of ['', '(block: { number: 1 })'])
    it(`find what refers to an entity by the reference ${block}`, () => {
      const steps = stepsOf(`{ owners${block} { things { id } } }`).join('; ')
      assert.match(steps, /SEARCH inner USING (COVERING )?INDEX entity_Thing\$by\$owner \(owner=\?/)
      assert.doesNotMatch(steps, /SCAN inner/)
    })
})
