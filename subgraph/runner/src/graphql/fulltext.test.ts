import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createMusicians } from '../testing/musicians.ts'
import { createTestSubgraph } from '../testing/test-subgraph.ts'
import { parseFulltextQuery } from './fulltext-query.ts'

const SCHEMA = (algorithm: string, language = 'en') => `
type _Schema_ @fulltext(name: "find", language: ${language}, algorithm: ${algorithm}, include: [
  { entity: "Doc", fields: [{ name: "title" }, { name: "body" }] }])
type Doc @entity { id: ID! title: String! body: String kind: Int! }`

function createDocs(algorithm: string, docs: Record<string, [title: string, body: string | null]>, language?: string) {
  const subgraph = createTestSubgraph(SCHEMA(algorithm, language))
  for (const [id, [title, body]] of Object.entries(docs)) subgraph.write(1, 'Doc', { id, title, body, kind: id.length })
  const find = (text: string, args = '') =>
    (
      subgraph.data(`query ($text: String!) { find(text: $text${args}) { id } }`, { text }) as unknown as {
        find: { id: string }[]
      }
    ).find.map(({ id }) => id)
  return { ...subgraph, find }
}

// https://thegraph.com/docs/en/subgraphs/querying/graphql-api/#fulltext-search-queries
describe('a fulltext search', () => {
  const docs = createDocs('rank', {
    a: ['Running shoes', 'for the mountains'],
    b: ['A walk in the mountains', 'with running water and shoes'],
    c: ['Cooking', null],
    d: ['Runner', 'The cook runs'],
  })
  const cases: Record<string, string> = {
    running: 'abd',
    Cook: 'cd',
    'mountain & shoe': 'ab',
    'cook | mountain': 'abcd',
    'running <-> shoes': 'a',
    "'running shoes'": 'a',
    'shoe:*': 'ab',
    'runn:*': 'd',
    'mountain & !walk': 'a',
    '(cook | walk) & run': 'bd',
    'walk <3> mountain': 'b',
    the: '',
    'the & cook': 'cd',
    '"quoted" & nothing': '',
    nothing: '',
  }
  for (const [text, ids] of Object.entries(cases))
    it(`for ${text} finds ${ids === '' ? 'nothing' : ids}`, () => {
      assert.deepEqual(docs.find(text).sort().join(''), ids)
    })

  it('finds by what a filter lets through (can_query_with_fulltext_search_filter)', () => {
    assert.deepEqual(docs.find('mountain', ', where: { id_not: "a" }'), ['b'])
    const { data } = createMusicians()
    assert.deepEqual(
      data(
        '{ bandReviewSearch(text: "musicians", where: { author_: { name: "Anonymous 3" } }) { id body author { name } } }',
      ),
      { bandReviewSearch: [{ id: 'r5', body: 'Very Bad musicians', author: { name: 'Anonymous 3' } }] },
    )
    assert.deepEqual(data('{ bandReviewSearch(text: "musicians") { id } }'), {
      bandReviewSearch: [{ id: 'r1' }, { id: 'r5' }],
    })
  })

  it('takes first and skip, the best first', () => {
    const ranked = createDocs('rank', {
      long: ['rust and many other words that say little of it', null],
      twice: ['rust rust', null],
      once: ['rust books', null],
    })
    assert.deepEqual(ranked.find('rust'), ['twice', 'once', 'long'])
    assert.deepEqual(ranked.find('rust', ', first: 1, skip: 1'), ['once'])
  })

  it('puts words that are close together first when ranked by proximity', () => {
    const between = 'one two three four five six seven eight nine ten eleven twelve'
    const texts: Record<string, [string, null]> = {
      far: [`red ${between} fox`, null],
      near: [`${between} red old fox x y z`, null],
    }
    assert.deepEqual(createDocs('proximityRank', texts, 'simple').find('red & fox'), ['near', 'far'])
    assert.deepEqual(createDocs('rank', texts, 'simple').find('red & fox'), ['far', 'near'])
  })

  it('finds texts as they are at the block asked for, and each entity once', () => {
    const { find, write, remove } = createDocs('rank', { a: ['old words', null] })
    write(2, 'Doc', { id: 'a', title: 'new words', body: null, kind: 1 })
    write(3, 'Doc', { id: 'a', title: 'new words', body: null, kind: 2 })
    remove(4, 'Doc', 'a')
    assert.deepEqual(
      [
        find('old', ', block: { number: 1 }'),
        find('old', ', block: { number: 2 }'),
        find('words', ', block: { number: 3 }'),
      ],
      [['a'], [], ['a']],
    )
    assert.deepEqual(find('words'), [])
  })

  it('does not know the stop words of English in another language', () => {
    assert.deepEqual(createDocs('rank', { a: ['the fox', null], b: ['fox', null] }, 'simple').find('the'), ['a'])
  })

  it('is refused in graph-node’s words when it is no such search (FulltextQueryInvalidSyntax)', () => {
    for (const text of ['summer rain', 'a &', '| b', '(a', 'a)', "'open", 'a <-> ', ''])
      assert.match(
        docs.errors('query ($text: String!) { find(text: $text) { id } }', { text })[0] ?? '',
        /^Invalid fulltext search query syntax\. Error: syntax error in tsquery: .*Hint: Search terms with spaces/,
        text,
      )
  })

  it('is refused when it only excludes, which SQLite cannot search', () => {
    assert.match(docs.errors('{ find(text: "!a1") { id } }')[0] ?? '', /not only exclude/)
    assert.match(docs.errors('{ find(text: "b1 | !a1") { id } }')[0] ?? '', /not only exclude/)
  })

  it('is bounded in words and length', () => {
    assert.deepEqual(docs.errors(`{ find(text: "${'x|'.repeat(40)}x") { id } }`), ['query is too expensive'])
    assert.deepEqual(docs.errors(`{ find(text: "${'x'.repeat(1001)}") { id } }`), ['query is too expensive'])
  })
})

describe('a search in Postgres’s language', () => {
  const cases: Record<string, string | undefined> = {
    'a1 | b1 & c1': '("a1" OR ("b1" AND "c1"))',
    'a1 & (b1 | c1)': '("a1" AND ("b1" OR "c1"))',
    'a1 <-> b1 <-> c1:*': '"a1" + "b1" + "c1" *',
    'a1 <3> b1': 'NEAR("a1" "b1", 2)',
    'a1:A & b1:*B': '("a1" AND "b1" *)',
    "'it''s here'": '"it\'s here"',
    'a"b': '"a""b"',
    '!b1 & a1 & !(c1 | d1)': '("a1" NOT "b1" NOT ("c1" OR "d1"))',
    'the | a1': '"a1"',
    'the & of': undefined,
    '---': undefined,
  }
  for (const [text, match] of Object.entries(cases))
    it(`${text} is ${match ?? 'for nothing'} in FTS5’s`, () => {
      assert.equal(parseFulltextQuery(text, 'en')?.match, match)
    })
})
