import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMusicians } from '../testing/musicians.ts'
import { createTestSubgraph } from '../testing/test-subgraph.ts'

const { data, errors } = createMusicians()
const names = (args: string) =>
  (data(`{ musicians${args} { name } }`) as unknown as { musicians: { name: string }[] }).musicians.map(
    ({ name }) => name,
  )

// graph-node, store/postgres/src/relational_queries.rs, `SortKey`, and graphql/src/store/query.rs, `build_order`.
describe('collections', () => {
  it('come by id when no order is asked for, whatever the direction (EntityOrder::Default)', () => {
    assert.deepEqual(names(''), ['John', 'Lisa', 'Tom', 'Valerie', 'Paul'])
    assert.deepEqual(names('(orderDirection: desc)'), ['John', 'Lisa', 'Tom', 'Valerie', 'Paul'])
    assert.deepEqual(names('(orderBy: id, orderDirection: desc)'), ['Paul', 'Valerie', 'Tom', 'Lisa', 'John'])
  })

  it('come by a field, ties by id in the same direction (sort_expr)', () => {
    assert.deepEqual(names('(orderBy: birthDate, orderDirection: desc)'), ['Paul', 'Valerie', 'Tom', 'Lisa', 'John'])
    assert.deepEqual(names('(orderBy: favoriteCount)'), ['Paul', 'Tom', 'John', 'Valerie', 'Lisa'])
  })

  it('have nulls where Postgres has them: last ascending, first descending', () => {
    assert.deepEqual(names('(orderBy: mainBand)'), ['John', 'Lisa', 'Tom', 'Paul', 'Valerie'])
    assert.deepEqual(names('(orderBy: mainBand, orderDirection: desc)'), ['Valerie', 'Paul', 'Tom', 'Lisa', 'John'])
  })

  it('come by a field of what a field leads to (can_query_with_sorting_by_child_entity)', () => {
    assert.deepEqual(names('(orderBy: mainBand__name)'), ['Tom', 'Paul', 'John', 'Lisa', 'Valerie'])
    assert.deepEqual(names('(orderBy: mainBand__name, orderDirection: desc)'), [
      'Valerie',
      'Lisa',
      'John',
      'Paul',
      'Tom',
    ])
    assert.deepEqual(names('(orderBy: mainBand__id, first: 3)'), ['John', 'Lisa', 'Tom'])
  })

  it('come by a field of what leads back (can_query_with_sorting_by_derived_child_entity)', () => {
    const { songs } = data('{ songs(orderBy: band__name, orderDirection: desc, first: 2) { sid } }')
    assert.deepEqual(songs, [{ sid: 's2' }, { sid: 's1' }])
  })

  it('come by a field of what a field leads to inside of another, too', () => {
    assert.deepEqual(
      data('{ musicians(first: 1) { writtenSongs(orderBy: writtenBy__name, orderDirection: desc) { sid } } }'),
      { musicians: [{ writtenSongs: [{ sid: 's3' }, { sid: 's1' }] }] },
    )
  })

  it('come by numbers of any size in the order of the numbers', () => {
    const subgraph = createTestSubgraph('type A @entity { id: ID! n: BigInt! m: BigInt }')
    const numbers = [-(2n ** 255n), -(2n ** 63n), -1n, 0n, 1n, 255n, 256n, 2n ** 64n, 2n ** 255n]
    numbers.toReversed().forEach((n, index) => subgraph.write(1, 'A', { id: String(index), n, m: n }))
    for (const field of ['n', 'm'])
      assert.deepEqual(subgraph.data(`{ as(orderBy: ${field}) { n } }`), {
        as: numbers.map((n) => ({ n: n.toString() })),
      })
  })

  it('have 100 entities unless they are asked for more, and at most 1,000 (build_range)', () => {
    const subgraph = createTestSubgraph('type A @entity(immutable: true) { id: Int8! }')
    for (let id = 0n; id < 1100n; id += 1n) subgraph.write(1, 'A', { id })
    const count = (args: string) => (subgraph.data(`{ as${args} { id } }`) as unknown as { as: unknown[] }).as.length
    assert.deepEqual([count(''), count('(first: 1000)'), count('(first: 1000, skip: 1000)')], [100, 1000, 100])
    const message = (argument: string, max: number, actual: number) => [
      `The \`${argument}\` argument must be between 0 and ${max}, but is ${actual}`,
    ]
    assert.deepEqual(subgraph.errors('{ as(first: 1001) { id } }'), message('first', 1000, 1001))
    assert.deepEqual(subgraph.errors('{ as(first: 0) { id } }'), message('first', 1000, 0))
    assert.deepEqual(subgraph.errors('{ as(skip: -1) { id } }'), message('skip', 5000, -1))
    assert.deepEqual(subgraph.errors('{ as(skip: 5001) { id } }'), message('skip', 5000, 5001))
  })

  it('are not ordered by lists of what they lead to (OrderByNotSupportedError)', () => {
    assert.deepEqual(errors('{ musicians(orderBy: writtenSongs) { id } }'), [
      'Ordering by `writtenSongs` is not supported for type `Musician`',
    ])
  })
})
