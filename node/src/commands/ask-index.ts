import type { Command } from 'commander'
import { describeLag } from '@sluice/sdk/graph'
import type { IndexLag, IndexReader, Paging } from '@sluice/sdk/graph'
import { getBlockNumber } from 'viem/actions'
import type { Context } from './context.ts'
import { parseInteger } from './format.ts'
import type { Output } from './output.ts'

const MAX_PAGE = 100

/** Options of a command whose list comes in pages. */
export type PageOptions = { first: string; after?: string }

/** What `--json` says of the index that a list came from. */
export type IndexState = Pick<IndexLag, 'block' | 'behind'>

/** Adds `--first` and `--after`. */
export function withPages(command: Command): Command {
  return command
    .option('--first <count>', `how many, at most ${MAX_PAGE}`, '24')
    .option('--after <cursor>', 'go on where a page ended; the page says with which cursor')
}

/** The page that was asked for. Throws BAD_INPUT. */
export function readPaging({ first, after }: PageOptions): Paging {
  return { first: parseInteger(first, '--first', 1, MAX_PAGE), ...(after === undefined ? {} : { cursor: after }) }
}

/** A page of a list, as a command shows it. */
type ShownPage = {
  /** For programs, beside the next page's cursor and the index's state. */
  readonly fields: object
  /** For people; `none` where there are none. */
  readonly lines: readonly string[]
  readonly none: string
  /** The command that was given, without its paging, and how many it asked for. */
  readonly command: string
  readonly first: string
  /** Where the next page begins; undefined after the last one. */
  readonly cursor: string | undefined
  readonly index: IndexState
}

/** Shows a page, and how to go on. */
export function showPage(output: Pick<Output, 'result'>, page: ShownPage): void {
  const { fields, lines, none, command, first, cursor, index } = page
  output.result({ ...fields, next: cursor ?? null, index }, [
    ...(lines.length === 0 ? [none] : lines),
    ...(cursor === undefined ? [] : [`More: sluice ${command} --first ${first} --after ${cursor}`]),
  ])
}

/** What asking takes of a command's context. */
type Asker = Pick<Context, 'signal' | 'index' | 'publicClient'> & { readonly output: Pick<Context['output'], 'note'> }

/**
 * Puts a question to the index, and says so where the index is not where the chain is. There is no other source: what
 * an index that fails would have listed is not guessed.
 * @throws INDEX_UNAVAILABLE, PROTOCOL_VIOLATION, ABORTED
 */
export async function askIndex<Answer>(
  context: Asker,
  question: (index: IndexReader) => Promise<Answer>,
): Promise<{ answer: Answer; index: IndexState }> {
  const { output } = context
  const index = context.index()
  const [answer, lag] = await Promise.all([question(index), readLag(index, context)])
  const line = describeIndex(lag)
  if (line !== undefined) output.note(line)
  return { answer, index: { block: lag.block, behind: lag.behind } }
}

/** How far an index is from the chain. @throws INDEX_UNAVAILABLE, PROTOCOL_VIOLATION, ABORTED */
export async function readLag(
  index: IndexReader,
  { signal, publicClient }: Pick<Context, 'signal' | 'publicClient'>,
): Promise<IndexLag> {
  const client = await publicClient()
  const [head, block] = await Promise.all([index.head({ signal }), getBlockNumber(client, { cacheTime: 0 })])
  return describeLag(head, block)
}

/** What is worth a word about an index; undefined where it is where the chain is. */
export function describeIndex({ block, behind, notable }: IndexLag): string | undefined {
  if (notable === 'behind') return `The index is ${behind} blocks behind the chain: what was mined since is not listed.`
  if (notable === 'ahead')
    return `The index says it has read block ${block}, which the chain does not have. Is it of another chain?`
  return undefined
}
