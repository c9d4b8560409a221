import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMusicians } from '../testing/musicians.ts'
import { createTestSubgraph } from '../testing/test-subgraph.ts'

const { data, errors } = createMusicians()

// The tests that graph-node names (store/test-store/tests/graphql/query.rs) ask what its test of that name asks.
describe('references', () => {
  it('lead to one entity or to null (can_query_one_to_one_relationship)', () => {
    assert.deepEqual(data('{ musicians { name mainBand { name } favoriteCount birthDate } }'), {
      musicians: [
        ['John', 'The Musicians', '10'],
        ['Lisa', 'The Musicians', '100'],
        ['Tom', 'The Amateurs', '5'],
        ['Valerie', null, '20'],
        ['Paul', 'The Amateurs', '2'],
      ].map(([name, band, favoriteCount]) => ({
        name,
        mainBand: band === null ? null : { name: band },
        favoriteCount,
        birthDate: '1710837304040956',
      })),
    })
  })

  it('lead to many and back (can_query_one_to_many_relationships_in_both_directions)', () => {
    const { musicians } = data(
      '{ musicians(first: 2) { name writtenSongs(orderBy: title) { title writtenBy { name } } } }',
    )
    assert.deepEqual(musicians, [
      {
        name: 'John',
        writtenSongs: ['Cheesy Tune', 'Pop Tune'].map((title) => ({ title, writtenBy: { name: 'John' } })),
      },
      { name: 'Lisa', writtenSongs: [{ title: 'Rock Tune', writtenBy: { name: 'Lisa' } }] },
    ])
  })

  it('lead from many to many, in the order asked for (can_query_many_to_many_relationship)', () => {
    const { musicians } = data(
      '{ musicians { name bands(orderBy: name, orderDirection: desc) { name members(orderBy: name) { name } } } }',
    )
    const all = { name: 'The Musicians', members: ['John', 'Lisa', 'Tom'].map((name) => ({ name })) }
    const amateurs = { name: 'The Amateurs', members: ['John', 'Paul', 'Tom'].map((name) => ({ name })) }
    assert.deepEqual(musicians, [
      { name: 'John', bands: [all, amateurs] },
      { name: 'Lisa', bands: [all] },
      { name: 'Tom', bands: [all, amateurs] },
      { name: 'Valerie', bands: [] },
      { name: 'Paul', bands: [amateurs] },
    ])
  })

  it('are cut by first and skip for each parent, not for all together (relational_queries.rs, ParentLimit)', () => {
    assert.deepEqual(data('{ bands { members(first: 1, skip: 1, orderBy: name) { name } } }'), {
      bands: [{ members: [{ name: 'Lisa' }] }, { members: [{ name: 'Paul' }] }],
    })
    assert.deepEqual(
      data('{ musicians(first: 2) { writtenSongs(first: 1, orderBy: title, orderDirection: desc) { sid } } }'),
      {
        musicians: [{ writtenSongs: [{ sid: 's3' }] }, { writtenSongs: [{ sid: 's2' }] }],
      },
    )
    assert.deepEqual(data('{ musicians(first: 1) { bands(skip: 1) { id } } }'), {
      musicians: [{ bands: [{ id: 'b2' }] }],
    })
  })

  it('are filtered for each parent', () => {
    assert.deepEqual(data('{ bands { reviews(where: { body_contains: "Very" }) { id } } }'), {
      bands: [{ reviews: [{ id: 'r5' }] }, { reviews: [] }],
    })
  })

  it('derived from an id lead to the entity of that id (validate_derived_from allows it)', () => {
    assert.deepEqual(data('{ songs { sid stats { played song { sid } } } }'), {
      songs: [
        { sid: 's1', stats: [{ played: 10, song: { sid: 's1' } }] },
        { sid: 's2', stats: [{ played: 15, song: { sid: 's2' } }] },
        { sid: 's3', stats: [] },
        { sid: 's4', stats: [] },
      ],
    })
  })

  it('derived for one entity are refused when several refer back (ambiguous_derived_from_result)', () => {
    assert.deepEqual(errors('{ songs(first: 100, orderBy: title) { id band { id } } }'), [
      'Ambiguous result for derived field `band`: Multiple `Band` entities refer back via `originalSongs`',
    ])
    assert.deepEqual(data('{ songs(where: { sid: "s2" }) { band { id } } }'), { songs: [{ band: { id: 'b1' } }] })
  })

  it('that nothing answers to are an error where null may not be (NonNullError)', () => {
    const subgraph = createTestSubgraph('type A @entity { id: ID! b: B! c: B } type B @entity { id: ID! }')
    subgraph.write(1, 'A', { id: 'a', b: 'gone', c: 'gone' })
    assert.deepEqual(subgraph.errors('{ as_: as { b { id } } }'.replace('as_: as', 'aCollection: as')), [
      'Null value resolved for non-null field `b`',
    ])
    assert.deepEqual(subgraph.data('{ as { c { id } } }'), { as: [{ c: null }] })
  })

  it('are read by one statement for each level, however many parents there are (prefetch.rs)', () => {
    const subgraph = createTestSubgraph(
      'type A @entity { id: Int8! bs: [B!]! @derivedFrom(field: "a") } type B @entity { id: ID! a: A! c: C! } type C @entity { id: ID! }',
    )
    subgraph.write(1, 'C', { id: 'c' })
    for (let a = 0n; a < 50n; a += 1n) {
      subgraph.write(1, 'A', { id: a })
      for (let b = 0; b < 3; b += 1) subgraph.write(1, 'B', { id: `${a}-${b}`, a, c: 'c' })
    }
    let statements = 0
    const prepare = subgraph.database.prepare.bind(subgraph.database)
    subgraph.database.prepare = (text) => {
      statements += 1
      return prepare(text)
    }
    const { as } = subgraph.data('{ as { id bs { id c { id } } } }') as unknown as {
      as: { id: string; bs: unknown[] }[]
    }
    assert.equal(as.length, 50)
    assert.deepEqual(as[10], { id: '10', bs: [0, 1, 2].map((b) => ({ id: `10-${b}`, c: { id: 'c' } })) })
    assert.equal(statements, 3)
  })
})

describe('selections', () => {
  it('take fragments, aliases and directives (root_fragments_are_expanded, skip_directive_works_with_query_variables)', () => {
    const query = `
      fragment Names on Musician { name ...More }
      fragment More on Musician { first: id mainBand @include(if: $band) { name } }
      query ($band: Boolean!, $skip: Boolean = true) {
        ...Roots
        one: musician(id: "m2") { ... on Musician { ...Names } id @skip(if: $skip) __typename }
      }
      fragment Roots on Query { musicians(first: 1) { ...Names } }`
    assert.deepEqual(data(query, { band: false }), {
      musicians: [{ name: 'John', first: 'm1' }],
      one: { name: 'Lisa', first: 'm2', __typename: 'Musician' },
    })
    assert.deepEqual(data(query, { band: true, skip: false })['one'], {
      name: 'Lisa',
      first: 'm2',
      mainBand: { name: 'The Musicians' },
      id: 'm2',
      __typename: 'Musician',
    })
  })

  it('take the same field twice with different arguments under aliases', () => {
    assert.deepEqual(data('{ a: musicians(first: 1) { id } b: musicians(first: 1, skip: 1) { id } }'), {
      a: [{ id: 'm1' }],
      b: [{ id: 'm2' }],
    })
  })

  it('merge what is asked of the same field in two places', () => {
    assert.deepEqual(data('{ musician(id: "m1") { mainBand { id } } musician(id: "m1") { mainBand { name } } }'), {
      musician: { mainBand: { id: 'b1', name: 'The Musicians' } },
    })
  })

  it('take variables, their defaults, and null for first and skip (variable_defaults, first_is_nullable)', () => {
    const query = 'query ($first: Int = 2, $where: Musician_filter) { musicians(first: $first, where: $where) { id } }'
    assert.deepEqual(data(query), { musicians: [{ id: 'm1' }, { id: 'm2' }] })
    assert.deepEqual(data(query, { first: null, where: { name_in: ['Tom', 'Paul'] } }), {
      musicians: [{ id: 'm3' }, { id: 'm5' }],
    })
  })

  it('choose an operation by its name, in graph-node’s words when there is none (OperationNameRequired)', () => {
    const subgraph = createMusicians()
    assert.deepEqual(subgraph.errors('query a { __typename } query b { __typename }'), ['Operation name required'])
  })

  it('answer introspection and the name of the root (can_query_root_typename)', () => {
    assert.deepEqual(data('{ __typename __schema { queryType { name } } __type(name: "Band") { kind } }'), {
      __typename: 'Query',
      __schema: { queryType: { name: 'Query' } },
      __type: { kind: 'OBJECT' },
    })
  })

  it('that name nothing, or lack a variable, are refused (missing_variable, leaf_selection_mismatch)', () => {
    assert.match(errors('{ musicians { nothing } }')[0] ?? '', /Cannot query field "nothing" on type "Musician"/)
    assert.match(errors('query ($id: ID!) { musician(id: $id) { id } }')[0] ?? '', /"\$id" of required type "ID!"/)
    assert.match(errors('{ musicians }')[0] ?? '', /must have a selection of subfields/)
  })
})
