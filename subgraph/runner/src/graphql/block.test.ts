import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMusicians } from '../testing/musicians.ts'
import { createTestSubgraph, testBlock } from '../testing/test-subgraph.ts'

const { data, errors } = createMusicians()
const ids = (block: string) =>
  (data(`{ musicians(block: { ${block} }) { id } }`) as unknown as { musicians: { id: string }[] }).musicians.map(
    ({ id }) => id,
  )
const ALL = ['m1', 'm2', 'm3', 'm4', 'm5']
const ahead = (of: number) =>
  `subgraph test has only indexed up to block number 2 and data for block number ${of} is therefore not yet available`

// graph-node, store/test-store/tests/graphql/query.rs, `query_at_block`, and graphql/src/store/resolver.rs.
describe('the block of a query', () => {
  it('is found by number, hash and least number', () => {
    assert.deepEqual(ids('number: 0'), ['m1', 'm2'])
    assert.deepEqual(ids('number: 1'), ALL)
    assert.deepEqual(ids(`hash: "${testBlock(0).hash}"`), ['m1', 'm2'])
    assert.deepEqual(ids(`hash: "${testBlock(2).hash.slice(2)}"`), ALL)
    assert.deepEqual(ids('number_gte: 0'), ALL)
  })

  it('may come by variables (query_at_block_with_vars)', () => {
    const query = 'query ($block: Block_height!) { musicians(block: $block) { id } }'
    assert.deepEqual(data(query, { block: { number: 0 } }), { musicians: [{ id: 'm1' }, { id: 'm2' }] })
  })

  it('is refused when it is not there', () => {
    const of = (block: string) => errors(`{ musicians(block: { ${block} }) { id } }`)[0]
    assert.equal(of('number: 7000'), `Failed to decode \`block.number\` value: \`${ahead(7000)}\``)
    assert.equal(of('number_gte: 7000'), `Failed to decode \`block.number_gte\` value: \`${ahead(7000)}\``)
    assert.equal(
      of(`hash: "${testBlock(5000).hash}"`),
      'Failed to decode `block.hash` value: `no block with that hash found`',
    )
    assert.equal(
      of('number: -1'),
      'Failed to decode `block.number` value: `subgraph test only has data starting at block number 0 and data for block number -1 is therefore not available`',
    )
    const pruned = createMusicians({ earliest: 1 })
    assert.match(pruned.errors('{ musicians(block: { number: 0 }) { id } }')[0] ?? '', /starting at block number 1/)
  })

  it('may be another for each field', () => {
    assert.deepEqual(data('{ a: musicians(block: { number: 0 }, skip: 1) { id } b: musicians(skip: 4) { id } }'), {
      a: [{ id: 'm2' }],
      b: [{ id: 'm5' }],
    })
  })

  it('is that of everything inside the field, filters and orders included', () => {
    const subgraph = createTestSubgraph(
      'type A @entity { id: ID! name: String! bs: [B!]! @derivedFrom(field: "a") list: [B!]! } ' +
        'type B @entity { id: ID! a: A! size: Int! } type C @entity(immutable: true) { id: ID! a: A! }',
    )
    subgraph.write(1, 'A', { id: 'a', name: 'old', list: ['b'] })
    subgraph.write(1, 'B', { id: 'b', a: 'a', size: 1 })
    subgraph.write(2, 'A', { id: 'a', name: 'new', list: ['b', 'c'] })
    subgraph.write(2, 'B', { id: 'b', a: 'a', size: 3 })
    subgraph.write(2, 'B', { id: 'c', a: 'a', size: 2 })
    subgraph.write(2, 'C', { id: 'c', a: 'a' })
    subgraph.remove(3, 'B', 'b')
    const at = (block: number) =>
      subgraph.data(
        `{ as(block: { number: ${block} }) { name bs(orderBy: size) { id size a { name } } list { id } } cs(block: { number: ${block} }) { id } ` +
          `bs(block: { number: ${block} }, orderBy: a__name, where: { a_: { name: "old" } }) { id } }`,
      )
    const b = (id: string, size: number, name: string) => ({ id, size, a: { name } })
    assert.deepEqual(at(1), {
      as: [{ name: 'old', bs: [b('b', 1, 'old')], list: [{ id: 'b' }] }],
      cs: [],
      bs: [{ id: 'b' }],
    })
    assert.deepEqual(at(2), {
      as: [{ name: 'new', bs: [b('c', 2, 'new'), b('b', 3, 'new')], list: [{ id: 'b' }, { id: 'c' }] }],
      cs: [{ id: 'c' }],
      bs: [],
    })
    assert.deepEqual(at(3), {
      as: [{ name: 'new', bs: [b('c', 2, 'new')], list: [{ id: 'c' }] }],
      cs: [{ id: 'c' }],
      bs: [],
    })
  })

  it('is told by _meta, with its hash unless it was asked for by number (can_query_meta)', () => {
    const meta = (block: string) =>
      data(
        `{ _meta${block} { deployment hasIndexingErrors __typename block { hash number timestamp parentHash __typename } } }`,
      )['_meta'] as unknown
    const known = { ...testBlock(2), __typename: '_Block_' }
    const rest = { deployment: 'test', hasIndexingErrors: false, __typename: '_Meta_' }
    assert.deepEqual(meta(''), { ...rest, block: known })
    assert.deepEqual(meta('(block: { number_gte: 1 })'), { ...rest, block: known })
    assert.deepEqual(meta(`(block: { hash: "${testBlock(1).hash}" })`), {
      ...rest,
      block: { ...testBlock(1), __typename: '_Block_' },
    })
    assert.deepEqual(meta('(block: { number: 1 })'), {
      ...rest,
      block: { hash: null, number: 1, timestamp: null, parentHash: null, __typename: '_Block_' },
    })
  })

  it('does not exist before the first block is indexed', () => {
    assert.deepEqual(createTestSubgraph('type A @entity { id: ID! }').errors('{ as { id } }'), [
      'the subgraph has not indexed a block yet',
    ])
  })
})
