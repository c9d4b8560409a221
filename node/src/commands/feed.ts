import { CONTENT_KINDS, findHandle } from '@sluice/sdk/chain'
import type { ContentKind } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import { isHandle } from '@sluice/sdk/social'
import { Option } from 'commander'
import type { Command } from 'commander'
import { isAddress, isAddressEqual, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { askIndex, readPaging, showPage, withPages } from './ask-index.ts'
import type { PageOptions } from './ask-index.ts'
import type { Context } from './context.ts'
import { contentLine, describeContents } from './describe-contents.ts'
import { withNode } from './run.ts'

type FeedOptions = PageOptions & { trending?: boolean; following?: boolean; by?: string; kind?: ContentKind }

export function registerFeed(program: Command, signal: AbortSignal): void {
  const feed = program
    .command('feed')
    .description('List what is on sale, the newest first; which there is says the index, what it is the chain')
    .addOption(new Option('--trending', 'by views and keys sold of late; advisory').conflicts('following'))
    .option('--following', 'of those whom this wallet follows')
    .addOption(new Option('--by <creator>', 'of one creator: an address, or a handle (@name)').conflicts('following'))
    .addOption(kindOption())
  withPages(feed).action(withNode(signal, run))
}

/** `--kind`, which refuses what is no kind as bad usage. */
export function kindOption(): Option {
  return new Option('--kind <kind>', 'of one kind').choices(CONTENT_KINDS)
}

async function run(context: Context, options: FeedOptions): Promise<void> {
  const { kind, trending = false, following = false } = options
  const paging = readPaging(options)
  const creator = options.by === undefined ? undefined : await findCreator(context, options.by)
  const followedBy = following ? (await context.wallet()).account.address : undefined
  const { answer, index } = await askIndex(context, (reader) =>
    reader.feed({ order: trending ? 'trending' : 'new', kind, creator, followedBy, signal: context.signal, ...paging }),
  )
  const contents = await describeContents(
    context,
    answer.rows.map(({ contentId }) => contentId),
    (content) =>
      (kind === undefined || content.kind === kind) &&
      (creator === undefined || isAddressEqual(content.creator, creator)),
  )
  const shown = { fields: { contents }, lines: contents.map(contentLine), none: 'Nothing is on sale here.' }
  const command = commandOf(options)
  showPage(context.output, { ...shown, command, first: options.first, cursor: answer.cursor, index })
}

/** The command that was given, for the line that says how to go on. */
function commandOf({ trending, following, by, kind }: FeedOptions): string {
  return [
    'feed',
    ...(trending === true ? ['--trending'] : []),
    ...(following === true ? ['--following'] : []),
    ...(by === undefined ? [] : ['--by', by]),
    ...(kind === undefined ? [] : ['--kind', kind]),
  ].join(' ')
}

/** Whose handle it is says the chain. */
async function findCreator(context: Context, text: string): Promise<Address> {
  if (isAddress(text)) return text
  const handle = text.replace(/^@/u, '').toLowerCase()
  if (!isHandle(handle)) {
    throw new SluiceError('BAD_INPUT', `"${text.slice(0, 80)}" is neither an address nor a handle.`)
  }
  const { contracts } = context
  const owner = await findHandle(await context.publicClient(), { contracts, handle })
  if (owner !== zeroAddress) return owner
  throw new SluiceError('NOT_FOUND', `Nobody is @${handle}.`, { hint: 'A handle can be given up. Use the address.' })
}
