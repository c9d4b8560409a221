import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseSchema } from './index.ts'

const NOTE = 'type Note @entity { id: ID! author: User! title: String! tags: [String!]! }'
const USER = 'type User @entity(immutable: true) { id: Bytes! notes: [Note!]! @derivedFrom(field: "author") }'
const fulltext = (argumentsText: string) => `type _Schema_ @fulltext(${argumentsText}) ${NOTE} ${USER}`

describe('a subgraph schema', () => {
  it('becomes entities, references with the type of their ids, enums and fulltext queries', () => {
    const schema = parseSchema(
      `enum Mood { GOOD BAD } type Extra @entity { id: Int8! mood: Mood! moods: [Mood!] many: [User!]! } ` +
        fulltext(
          'name: "find", language: en, algorithm: proximityRank, include: [{ entity: "Note", fields: [{ name: "title" }] }]',
        ),
    )
    assert.deepEqual([...schema.entities.keys()], ['Extra', 'Note', 'User'])
    assert.deepEqual([...schema.enums], [['Mood', ['GOOD', 'BAD']]])
    assert.deepEqual(schema.fulltext, [
      { name: 'find', entity: 'Note', fields: ['title'], language: 'en', algorithm: 'proximityRank' },
    ])
    const user = schema.entities.get('User')
    assert.deepEqual([user?.immutable, user?.idType], [true, 'Bytes'])
    assert.deepEqual(user?.field('notes'), {
      name: 'notes',
      type: 'Note',
      kind: 'reference',
      valueType: 'String',
      idType: 'String',
      isList: true,
      isRequired: true,
      derivedFrom: 'author',
    })
    const extra = schema.entities.get('Extra')
    assert.deepEqual(extra?.field('many'), {
      name: 'many',
      type: 'User',
      kind: 'reference',
      valueType: 'Bytes',
      idType: 'Bytes',
      isList: true,
      isRequired: true,
    })
    assert.equal(extra.field('moods')?.isRequired, false)
    assert.equal(extra.field('mood')?.valueType, 'String')
    assert.equal(extra.field('none'), undefined)
  })

  const invalid: Record<string, [string, RegExp]> = {
    'what is not GraphQL': ['type {', /^Invalid schema: Syntax Error/],
    'a type without @entity': ['type A { id: ID! }', /@entity directive missing on the following types: `A`/],
    'a type without id': ['type A @entity { name: String }', /Type A is missing an `id` field/],
    'an id that may be null': ['type A @entity { id: ID }', /not a list and not null/],
    'an id of another type': ['type A @entity { id: BigInt! }', /illegal type `BigInt` for id/],
    'a type graph-node keeps': ['type Query @entity { id: ID! }', /type names are reserved: `Query`/],
    'an unknown type': ['type A @entity { id: ID! b: B }', /Type `A`, field `b`: type `B` is not defined/],
    'a type twice': ['type A @entity { id: ID! } enum A { B }', /`A` is defined twice/],
    'a field twice': ['type A @entity { id: ID! b: Int b: Int }', /field `b` twice/],
    'an immutable that is no boolean': ['type A @entity(immutable: 1) { id: ID! }', /must be a boolean/],
    'a derived field without its field': ['type A @entity { id: ID! b: [A!]! @derivedFrom }', /must have a `field`/],
    'a derived field by a number': ['type A @entity { id: ID! b: [A!]! @derivedFrom(field: 1) }', /must be a string/],
    'a derived scalar': ['type A @entity { id: ID! b: Int @derivedFrom(field: "c") }', /must be an existing entity/],
    'a derived field from none': [
      'type A @entity { id: ID! b: [A!]! @derivedFrom(field: "c") }',
      /invalid @derivedFrom: field `c` does not exist on type `A`/,
    ],
    'a derived field from elsewhere': [
      'type A @entity { id: ID! b: [B!]! @derivedFrom(field: "c") } type B @entity { id: ID! c: B! }',
      /must have one of the following types: A, A!, \[A!\], \[A!\]!/,
    ],
    'a derived field from a derived one': [
      'type A @entity { id: ID! b: [A!]! @derivedFrom(field: "b") }',
      /is itself derived/,
    ],
    'an input': ['input A { id: ID! }', /a subgraph's schema has no InputObjectTypeDefinition/],
    'a fulltext query without name': [fulltext('language: en'), /Fulltext directive name undefined/],
    'a fulltext query with a field’s name': [fulltext('name: "title"'), /overlaps with an existing entity field/],
    'a fulltext query without language': [fulltext('name: "find"'), /Fulltext language is undefined/],
    'a fulltext query in no known language': [
      fulltext('name: "find", language: xx'),
      /Fulltext language is invalid: xx/,
    ],
    'a fulltext query without algorithm': [fulltext('name: "find", language: en'), /Fulltext algorithm is undefined/],
    'a fulltext query by an unknown algorithm': [
      fulltext('name: "find", language: en, algorithm: best'),
      /Fulltext algorithm is invalid: best/,
    ],
    'a fulltext query of nothing': [
      fulltext('name: "find", language: en, algorithm: rank'),
      /Fulltext directive requires an 'include' list/,
    ],
    'a fulltext query of an unknown entity': [
      fulltext('name: "find", language: en, algorithm: rank, include: [{ entity: "X", fields: [{ name: "title" }] }]'),
      /includes an entity not found/,
    ],
    'a fulltext query of what is no string': [
      fulltext('name: "find", language: en, algorithm: rank, include: [{ entity: "Note", fields: [{ name: "id" }] }]'),
      /Fulltext entity field, id, not found or not a string/,
    ],
    'a _Schema_ with fields': [`type _Schema_ { a: Int } ${NOTE} ${USER}`, /must not have any fields/],
    'a _Schema_ with other directives': [`type _Schema_ @import { } `, /Invalid schema/],
  }
  for (const [condition, [text, message]] of Object.entries(invalid))
    it(`is refused with ${condition}`, () => {
      assert.throws(() => parseSchema(text), { code: 'SCHEMA_INVALID', message })
    })

  const unsupported: Record<string, string> = {
    BigDecimal: 'type A @entity { id: ID! price: BigDecimal! }',
    'an interface': 'interface I { id: ID! }',
    'a type that implements one': 'type A implements I @entity { id: ID! }',
    'a union': 'type A @entity { id: ID! } union U = A',
    'a timeseries': 'type A @entity(timeseries: true) { id: Int8! }',
    'an aggregation': 'type A @aggregation(intervals: ["day"], source: "B") { id: Int8! }',
    'a list of lists': 'type A @entity { id: ID! a: [[Int!]!]! }',
    'two types of one name but for the case': 'type A @entity { id: ID! } type a @entity { id: ID! }',
    'two fields of one name but for the case': 'type A @entity { id: ID! b: Int B: Int }',
    'a field the runner needs': 'type A @entity { id: ID! vid: Int }',
  }
  for (const [feature, text] of Object.entries(unsupported))
    it(`is refused, naming what is not supported: ${feature}`, () => {
      assert.throws(() => parseSchema(text), { code: 'SCHEMA_UNSUPPORTED', message: /[Aa`UI]/ })
    })
})
