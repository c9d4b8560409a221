import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMusicians } from '../testing/musicians.ts'
import { createTestSubgraph } from '../testing/test-subgraph.ts'

describe('a query that costs too much is refused', () => {
  const { data, errors } = createMusicians()

  it('by its depth, in graph-node’s words (TooDeep)', () => {
    const nested = (levels: number): string => (levels === 0 ? 'id' : `bands { members { ${nested(levels - 1)} } }`)
    assert.deepEqual(errors(`{ musicians { ${nested(5)} } }`), ['query has a depth that exceeds the limit of `10`'])
  })

  it('by what it could return, counted as graph-node counts it (query_complexity)', () => {
    const { data: within, errors: beyond } = createMusicians({ limits: { maxComplexity: 1_010_100 } })
    // 100 musicians, each with 100 bands, each with 100 members: 100 + 100 × (100 + 100 × 100)
    assert.ok(within('{ musicians(orderBy: id) { bands(first: 100) { members(first: 100) { name } } } }'))
    assert.match(
      beyond('{ musicians(first: 101) { bands(first: 100) { members(first: 100) { name } } } }')[0] ?? '',
      /^query potentially returns `1020201` entities or more and thereby exceeds the limit of `1010100` entities\./,
    )
  })

  it('by the first of a variable as by one in the text', () => {
    const query = 'query ($n: Int!) { musicians(first: $n) { bands(first: $n) { members(first: $n) { id } } } }'
    assert.match(errors(query, { n: 1000 })[0] ?? '', /^query potentially returns/)
    assert.ok(data(query, { n: 10 }))
  })

  it('by the entities of its answer', () => {
    assert.deepEqual(createMusicians({ limits: { maxEntities: 6 } }).errors('{ musicians { id bands { id } } }'), [
      'the result size of 11 entities is too large. Fetch less than 6',
    ])
  })

  describe('by what its answer comes to where parents share a child', () => {
    const shared = (limits: object) => {
      const schema = `type Song @entity(immutable: true) { id: ID! tags: [String!]! text: String! by: Writer! }
        type Writer @entity(immutable: true) { id: ID! songs: [Song!]! @derivedFrom(field: "by") }`
      const subgraph = createTestSubgraph(schema, { limits })
      subgraph.write(1, 'Writer', { id: 'w' })
      const text = 'x'.repeat(640)
      for (let id = 0; id < 30; id += 1)
        subgraph.write(1, 'Song', { id: String(id), by: 'w', tags: ['a', 'b', 'c'], text })
      return subgraph
    }
    const everyOther = (inner: string) => `{ songs(first: 30) { by { songs(first: 30) { ${inner} } } } }`

    it('counts the child and all it has for each of them', () => {
      // 30 songs, each with its writer, each with 30 songs
      assert.deepEqual(shared({ maxEntities: 959 }).errors(everyOther('id')), [
        'the result size of 960 entities is too large. Fetch less than 959',
      ])
      assert.ok(shared({ maxEntities: 960 }).data(everyOther('id')))
    })

    it('adds up the fields at its top', () => {
      const twice = `{ a: songs(first: 30) { by { id } } b: songs(first: 30) { by { id } } }`
      assert.match(shared({ maxEntities: 119 }).errors(twice)[0] ?? '', /^the result size of 120 entities/)
      assert.ok(shared({ maxEntities: 120 }).data(twice))
    })

    it('counts values: those of lists, long texts by their length, and long names of fields', () => {
      // 30 times "by", then "songs", then the fields of 30 songs
      const valuesOf = (each: number) => 30 * (1 + 1 + 30 * each)
      const long = 'k'.repeat(640)
      for (const [inner, each] of [
        ['id', 1],
        ['id __typename', 2],
        ['tags', 4],
        ['text', 11],
        [`${long}: id`, 11],
        [`${long}: __typename`, 11],
      ] as const) {
        const values = valuesOf(each)
        assert.deepEqual(shared({ maxValues: values - 1 }).errors(everyOther(inner)), [
          `the result size of ${values} values is too large. Fetch less than ${values - 1}`,
        ])
        assert.ok(shared({ maxValues: values }).data(everyOther(inner)))
      }
    })
  })

  it('by the values of its answer, before all are there', () => {
    const fields = Array.from({ length: 20 }, (_, place) => `a${place}: id`).join(' ')
    assert.deepEqual(createMusicians({ limits: { maxValues: 50 } }).errors(`{ musicians { ${fields} } }`), [
      'the result size of 100 values is too large. Fetch less than 50',
    ])
  })

  it('by its time, between statements', () => {
    let now = 0
    const clock = () => (now += 40)
    const { errors: late } = createMusicians({ limits: { timeoutMs: 100 }, clock })
    assert.deepEqual(late('{ a: musicians { id } b: musicians { id } c: musicians { id } d: musicians { id } }'), [
      'Query timed out',
    ])
  })

  it('by its time, within a statement that no index answers', () => {
    let checks = 0
    const clock = () => (checks += 1)
    const subgraph = createTestSubgraph('type A @entity(immutable: true) { id: Int8! text: String! }', {
      limits: { timeoutMs: 20 },
      clock,
    })
    for (let id = 0n; id < 5000n; id += 1n) subgraph.write(1, 'A', { id, text: 'same' })
    assert.deepEqual(subgraph.errors('{ as(where: { text_contains: "other" }) { id } }'), ['Query timed out'])
    assert.ok(checks < 30)
    assert.deepEqual(subgraph.data('{ as(first: 1) { id } }'), { as: [{ id: '0' }] })
  })

  it('by the fields it comes to with its fragments', () => {
    const fragments = Array.from({ length: 9 }, (_, level) => {
      const inner = level === 8 ? 'id' : `...f${level + 1}`
      return level % 2 === 0
        ? `fragment f${level} on Musician { a: bands { ${inner} } b: bands { ${inner} } c: bands { ${inner} } }`
        : `fragment f${level} on Band { a: members { ${inner} } b: members { ${inner} } c: members { ${inner} } }`
    })
    assert.deepEqual(errors(`{ musicians { ...f0 } } ${fragments.join(' ')}`), ['query is too expensive'])
  })

  it('by the length of its text', () => {
    assert.match(
      errors(`{ ${'musicians { id } '.repeat(1000)} }`)[0] ?? '',
      /more that 2000 tokens|exceeds|Parsing aborted/,
    )
  })

  it('by its filters: their number, depth, lists and patterns', () => {
    const filtered = (where: unknown) =>
      errors('query ($w: Musician_filter) { musicians(where: $w) { id } }', { w: where })
    const deep = (levels: number): unknown => (levels === 0 ? { id: 'm1' } : { and: [deep(levels - 1)] })
    assert.deepEqual(filtered(deep(9)), ['query is too expensive'])
    assert.deepEqual(filtered({ or: Array.from({ length: 101 }, () => ({ id: 'm1' })) }), ['query is too expensive'])
    assert.deepEqual(filtered({ id_in: Array.from({ length: 2001 }, String) }), ['query is too expensive'])
    assert.deepEqual(filtered({ name_contains: '%_'.repeat(501) }), ['query is too expensive'])
  })

  it('by a number that takes long to read', () => {
    const subgraph = createTestSubgraph('type A @entity { id: ID! n: BigInt }')
    assert.match(subgraph.errors(`{ as(where: { n: ${'9'.repeat(10_001)} }) { id } }`)[0] ?? '', /BigInt/)
  })
})
