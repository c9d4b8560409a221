import { queryErrors } from './errors.ts'
import { STOP_WORDS } from './stop-words.ts'

/** A search in FTS5's language (https://www.sqlite.org/fts5.html#full_text_query_syntax). */
export type FulltextQuery = {
  readonly match: string
  /** The same words close together, where the search asks for several. */
  readonly near?: string
}

type Node =
  | { readonly kind: 'word'; readonly text: string; readonly prefix: boolean }
  | { readonly kind: 'phrase'; readonly words: readonly Word[]; readonly distance: number }
  | { readonly kind: 'not'; readonly node: Node | undefined }
  | { readonly kind: 'and' | 'or'; readonly nodes: readonly Node[] }

type Word = Extract<Node, { kind: 'word' }>

type Token = { readonly kind: 'word' | 'sign'; readonly text: string; readonly prefix: boolean }

const MAX_WORDS = 32
const NEAR_WORDS = 10
const TOKEN = /\s*(?:(<->|<\d{1,3}>|[&|!()])|'((?:[^']|'')*)'(:[*A-Da-d]*)?|([^\s&|!()<>':]+)(:[*A-Da-d]*)?)/y

/**
 * Reads a search in the language of Postgres's `to_tsquery`, which graph-node passes it to: words joined by `&`, `|`, `!`,
 * `<->` (follows) and `<2>` (follows within two), groups, `'several words'` and `begin:*`
 * (https://thegraph.com/docs/en/subgraphs/querying/graphql-api/#fulltext-operators).
 * @returns undefined when nothing but stop words is asked for, which finds nothing
 * @throws GraphQLError in graph-node's words for what is no such search, or for a negation that stands alone
 */
export function parseFulltextQuery(text: string, language: string): FulltextQuery | undefined {
  const tokens = tokenize(text)
  const reader = createReader(tokens, text, language)
  const node = readOr(reader)
  if (reader.peek() !== undefined) throw syntaxError(text)
  if (node === undefined) return undefined
  const near = nearOf(node)
  return near === undefined ? { match: print(node) } : { match: print(node), near }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text)
    if (found === null) throw syntaxError(text)
    tokens.push(tokenOf(found))
    if (tokens.length > MAX_WORDS * 4) throw queryErrors.tooExpensive()
  }
  if (tokens.filter((token) => token.kind === 'word').length > MAX_WORDS) throw queryErrors.tooExpensive()
  return tokens
}

function tokenOf([, sign, quoted, quotedFlags, word = '', wordFlags]: RegExpExecArray): Token {
  if (sign !== undefined) return { kind: 'sign', text: sign, prefix: false }
  const prefix = (quotedFlags ?? wordFlags ?? '').includes('*')
  return { kind: 'word', text: quoted?.replaceAll("''", "'") ?? word, prefix }
}

type Reader = {
  readonly peek: () => Token | undefined
  readonly next: () => Token | undefined
  readonly isStopWord: (word: string) => boolean
  readonly fail: () => Error
}

function createReader(tokens: readonly Token[], text: string, language: string): Reader {
  let index = 0
  return {
    peek: () => tokens[index],
    next: () => tokens[index++],
    isStopWord: (word) => language === 'en' && STOP_WORDS.has(word.toLowerCase()),
    fail: () => syntaxError(text),
  }
}

function readOr(reader: Reader): Node | undefined {
  return readJoined(reader, '|', 'or', () => readJoined(reader, '&', 'and', () => readPhrase(reader)))
}

/** Stop words fall out, as they do in Postgres; what has nothing else left falls out too. */
function readJoined(
  reader: Reader,
  sign: string,
  kind: 'and' | 'or',
  readOperand: () => Node | undefined,
): Node | undefined {
  const nodes = [readOperand()]
  while (isSign(reader.peek(), sign)) {
    reader.next()
    nodes.push(readOperand())
  }
  const left = nodes.filter((node) => node !== undefined)
  return left.length > 1 ? { kind, nodes: left } : left[0]
}

function readPhrase(reader: Reader): Node | undefined {
  const first = readUnary(reader)
  const rest: (Node | undefined)[] = []
  let distance = 1
  for (let sign = reader.peek(); sign?.kind === 'sign' && sign.text.startsWith('<'); sign = reader.peek()) {
    reader.next()
    distance = Math.max(distance, sign.text === '<->' ? 1 : Number(sign.text.slice(1, -1)))
    rest.push(readUnary(reader))
  }
  if (rest.length === 0) return first
  const words = [first, ...rest].filter((node) => node !== undefined)
  if (!words.every((node) => node.kind === 'word')) throw queryErrors.fulltextSyntax('`<->` joins words only')
  if (words.slice(0, -1).some((word) => word.prefix))
    throw queryErrors.fulltextSyntax('`:*` may only be at the last word of a `<->`')
  return words.length > 1 ? { kind: 'phrase', words, distance } : words[0]
}

function readUnary(reader: Reader): Node | undefined {
  const token = reader.next()
  if (token === undefined) throw reader.fail()
  if (token.kind === 'word') {
    if (!/[\p{L}\p{N}]/u.test(token.text)) return undefined
    if (!token.prefix && reader.isStopWord(token.text)) return undefined
    return { kind: 'word', text: token.text, prefix: token.prefix }
  }
  if (token.text === '!') return { kind: 'not', node: readUnary(reader) }
  if (token.text !== '(') throw reader.fail()
  const node = readOr(reader)
  if (!isSign(reader.next(), ')')) throw reader.fail()
  return node
}

/** FTS5 has no negation but `a NOT b`, so one has to stand beside something that is sought. */
function print(node: Node): string {
  switch (node.kind) {
    case 'word':
      return printWord(node)
    case 'phrase':
      return node.distance === 1
        ? node.words.map(printWord).join(' + ')
        : `NEAR(${node.words.map(printWord).join(' ')}, ${node.distance - 1})`
    case 'or':
      return `(${node.nodes.map(print).join(' OR ')})`
    case 'and':
      return printAnd(node.nodes)
    case 'not':
      throw queryErrors.fulltextSyntax('a search must ask for a word, not only exclude one')
  }
}

function printAnd(nodes: readonly Node[]): string {
  const wanted = nodes.filter((node) => node.kind !== 'not')
  const [first] = nodes
  if (wanted.length === 0 && first !== undefined) return print(first)
  const excluded = nodes.flatMap((node) => (node.kind === 'not' && node.node !== undefined ? [print(node.node)] : []))
  return `(${wanted.map(print).join(' AND ')}${excluded.map((text) => ` NOT ${text}`).join('')})`
}

function printWord({ text, prefix }: Word): string {
  return `"${text.replaceAll('"', '""')}"${prefix ? ' *' : ''}`
}

function nearOf(node: Node): string | undefined {
  if (node.kind !== 'and') return undefined
  const words = node.nodes.filter((inner) => inner.kind === 'word')
  return words.length > 1 ? `NEAR(${words.map(printWord).join(' ')}, ${NEAR_WORDS})` : undefined
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === 'sign' && token.text === sign
}

/** Postgres's words. */
function syntaxError(text: string): Error {
  return queryErrors.fulltextSyntax(`syntax error in tsquery: "${text.slice(0, 200)}"`)
}
