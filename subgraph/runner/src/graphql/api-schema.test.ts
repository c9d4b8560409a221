import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isInputObjectType, isObjectType, printSchema, printType } from 'graphql'
import { parseSchema } from '../schema/index.ts'
import { createApiSchema } from './index.ts'

const SCHEMA = `
type _Schema_ @fulltext(name: "search", language: en, algorithm: rank, include: [
  { entity: "Note", fields: [{ name: "title" }] }])
enum Mood { GOOD BAD }
type Note @entity {
  id: ID!
  title: String!
  mood: Mood
  author: User!
  blob: Bytes
  flag: Boolean
  likes: BigInt
  tags: [String!]!
  readers: [User!]!
  time: Timestamp
}
type User @entity { id: Bytes! note: Note @derivedFrom(field: "author") notes: [Note!]! @derivedFrom(field: "author") }`

const api = createApiSchema(parseSchema(SCHEMA))
const printed = (name: string) => printType(api.getType(name)!)
const filterFields = (name: string, of: string) => {
  const type = api.getType(name)
  assert.ok(isInputObjectType(type))
  return Object.values(type.getFields())
    .filter((field) => field.name === of || field.name.startsWith(`${of}_`))
    .map((field) => `${field.name.slice(of.length)}: ${field.type.toString()}`)
}
const ordered = (type: string) =>
  ['', '_not', '_gt', '_lt', '_gte', '_lte']
    .map((op) => `${op}: ${type}`)
    .concat(`_in: [${type}!]`, `_not_in: [${type}!]`)

// What each says is that of graph-node, graph/src/schema/api.rs, in the function named.
describe('the schema of queries', () => {
  it('gives collections of entities their arguments, lists of values none (add_collection_arguments)', () => {
    assert.equal(
      printed('User'),
      `type User {
  id: Bytes!
  note: Note
  notes(skip: Int = 0, first: Int = 100, orderBy: Note_orderBy, orderDirection: OrderDirection, where: Note_filter): [Note!]!
}`,
    )
    const note = api.getType('Note')
    assert.ok(isObjectType(note))
    assert.deepEqual(note.getFields()['tags']?.args, [])
  })

  it('has two queries for an entity, one for a fulltext search, and _meta (query_fields_for_type, add_query_type)', () => {
    const query = api.getQueryType()!.getFields()
    assert.deepEqual(Object.keys(query), ['note', 'notes', 'user', 'users', 'search', '_meta'])
    const argumentsOf = (name: string) =>
      query[name]?.args.map(
        (argument) =>
          `${argument.name}: ${argument.type.toString()}${argument.defaultValue === undefined ? '' : ` = ${argument.defaultValue as string}`}`,
      )
    const common = ['block: Block_height', 'subgraphError: _SubgraphErrorPolicy_! = deny']
    assert.deepEqual(argumentsOf('note'), ['id: ID!', ...common])
    assert.deepEqual(argumentsOf('notes'), [
      'skip: Int = 0',
      'first: Int = 100',
      'orderBy: Note_orderBy',
      'orderDirection: OrderDirection',
      'where: Note_filter',
      ...common,
    ])
    assert.deepEqual(argumentsOf('search'), [
      'text: String!',
      'first: Int = 100',
      'skip: Int = 0',
      'block: Block_height',
      'where: Note_filter',
      'subgraphError: _SubgraphErrorPolicy_! = deny',
    ])
    assert.deepEqual(
      ['note', 'notes', 'search', '_meta'].map((name) => query[name]?.type.toString()),
      ['Note', '[Note!]!', '[Note!]!', '_Meta_'],
    )
  })

  it('orders by every field, and by the plain fields of what a field leads to (field_enum_values)', () => {
    assert.equal(
      printed('Note_orderBy'),
      `enum Note_orderBy {\n  ${'id title mood author author__id blob flag likes tags readers time'.split(' ').join('\n  ')}\n}`,
    )
    assert.equal(
      printed('User_orderBy'),
      `enum User_orderBy {\n  ${'id note note__id note__title note__mood note__blob note__flag note__likes note__time notes'.split(' ').join('\n  ')}\n}`,
    )
  })

  it('filters by the operators of each type (field_filter_ops)', () => {
    assert.deepEqual(filterFields('Note_filter', 'id'), ordered('ID'))
    assert.deepEqual(filterFields('Note_filter', 'likes'), ordered('BigInt'))
    assert.deepEqual(filterFields('Note_filter', 'time'), ordered('Timestamp'))
    assert.deepEqual(filterFields('Note_filter', 'blob'), [
      ...ordered('Bytes'),
      '_contains: Bytes',
      '_not_contains: Bytes',
    ])
    const sets = (type: string) => [`: ${type}`, `_not: ${type}`, `_in: [${type}!]`, `_not_in: [${type}!]`]
    assert.deepEqual(filterFields('Note_filter', 'flag'), sets('Boolean'))
    assert.deepEqual(filterFields('Note_filter', 'mood'), sets('Mood'))
    const text = ['contains', 'contains_nocase', 'not_contains', 'not_contains_nocase'].concat(
      ['starts_with', 'ends_with'].flatMap((op) => [op, `${op}_nocase`, `not_${op}`, `not_${op}_nocase`]),
    )
    assert.deepEqual(filterFields('Note_filter', 'title'), [
      ...ordered('String'),
      ...text.map((op) => `_${op}: String`),
    ])
    // By an id, as a string, and by the fields of what it leads to (extend_with_child_filter_input_value).
    assert.deepEqual(filterFields('Note_filter', 'author'), [
      ...ordered('String'),
      ...text.map((op) => `_${op}: String`),
      '_: User_filter',
    ])
  })

  it('filters lists as a whole, by case only where there is one (field_list_filter_input_values)', () => {
    const list = (type: string, ops: string[]) => ops.map((op) => `${op}: [${type}!]`)
    assert.deepEqual(
      filterFields('Note_filter', 'tags'),
      list('String', ['', '_not', '_contains', '_contains_nocase', '_not_contains', '_not_contains_nocase']),
    )
    assert.deepEqual(filterFields('Note_filter', 'readers'), [
      ...list('String', ['', '_not', '_contains', '_not_contains']),
      '_: User_filter',
    ])
  })

  it('filters derived fields by what they lead to alone (field_filter_input_values)', () => {
    assert.equal(
      printed('User_filter'),
      `input User_filter {
  ${ordered('Bytes')
    .map((line) => `id${line}`)
    .join('\n  ')}
  id_contains: Bytes
  id_not_contains: Bytes
  note_: Note_filter
  notes_: Note_filter

  """Filter for the block changed event."""
  _change_block: BlockChangedFilter
  and: [User_filter]
  or: [User_filter]
}`,
    )
  })

  it('has no more than that and the types every subgraph has (meta.graphql)', () => {
    const names = [...printSchema(api).matchAll(/^(?:type|input|enum|scalar) (\w+)/gm)].map((match) => match[1])
    assert.deepEqual(names, [
      ...['BigDecimal', 'BigInt', 'Bytes', 'Int8', 'Timestamp'],
      ...['_Meta_', '_Block_', '_SubgraphErrorPolicy_', 'BlockChangedFilter', 'Block_height', 'OrderDirection'],
      ...['Mood', 'Note', 'Note_orderBy', 'Note_filter', 'User', 'User_orderBy', 'User_filter', 'Query'],
    ])
  })

  it('says what the subgraph says of its types, fields and values, whatever is in it', () => {
    const text = String.raw`"How it is" enum Mood { "Not bad" GOOD BAD }
      """
      A "note" \ with
      lines
      """
      type Note @entity { "Ends with a \\" id: ID! mood: Mood }`
    const described = createApiSchema(parseSchema(text))
    assert.equal(described.getType('Note')?.description, 'A "note" \\ with\nlines')
    const note = described.getType('Note')
    assert.ok(isObjectType(note))
    assert.equal(note.getFields()['id']?.description, 'Ends with a \\')
    assert.equal(note.getFields()['mood']?.description, undefined)
    assert.equal(
      printType(described.getType('Mood')!),
      '"""How it is"""\nenum Mood {\n  """Not bad"""\n  GOOD\n  BAD\n}',
    )
  })
})
