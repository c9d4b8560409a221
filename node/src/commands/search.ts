import type { ContentKind } from '@sluice/sdk/chain'
import type { Command } from 'commander'
import { askIndex, readPaging, showPage, withPages } from './ask-index.ts'
import type { PageOptions } from './ask-index.ts'
import type { Context } from './context.ts'
import { contentLine, describeContents } from './describe-contents.ts'
import { kindOption } from './feed.ts'
import { withNode } from './run.ts'

type SearchOptions = PageOptions & { kind?: ContentKind }

export function registerSearch(program: Command, signal: AbortSignal): void {
  const search = program
    .command('search')
    .description('List what is on sale and has all of these words in its title, the last one begun; best first')
    .argument('<words...>', 'words')
    .addOption(kindOption())
  withPages(search).action(withNode(signal, run))
}

async function run(context: Context, words: readonly string[], options: SearchOptions): Promise<void> {
  const { kind } = options
  const paging = readPaging(options)
  const text = words.join(' ')
  const { answer, index } = await askIndex(context, (reader) =>
    reader.search({ text, kind, signal: context.signal, ...paging }),
  )
  const contents = await describeContents(
    context,
    answer.rows.map(({ contentId }) => contentId),
    (content) => kind === undefined || content.kind === kind,
  )
  const command = ['search', ...words.map(quoted), ...(kind === undefined ? [] : ['--kind', kind])].join(' ')
  const none = 'No title that was announced has these words.'
  const shown = { fields: { contents }, lines: contents.map(contentLine), none }
  showPage(context.output, { ...shown, command, first: options.first, cursor: answer.cursor, index })
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w.-]+$/u.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
