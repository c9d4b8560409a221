import { readEditions, readOffers } from '@sluice/sdk/chain'
import type { KeyOffer } from '@sluice/sdk/chain'
import type { Command } from 'commander'
import { formatEther, isAddressEqual, zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { getBlock } from 'viem/actions'
import { askIndex, readPaging, showPage, withPages } from './ask-index.ts'
import type { PageOptions } from './ask-index.ts'
import type { Context } from './context.ts'
import { formatTime, formatTokenAmount, parseContentId } from './format.ts'
import { withNode } from './run.ts'

export function registerOffers(program: Command, signal: AbortSignal): void {
  const offers = program
    .command('offers')
    .description('List keys that holders resell; where to look says the index, what is offered the chain')
    .argument('<content>', 'content id')
  withPages(offers).action(withNode(signal, run))
}

async function run(context: Context, content: string, options: PageOptions): Promise<void> {
  const paging = readPaging(options)
  const contentId = parseContentId(content)
  const { contracts, signal } = context
  const client = await context.publicClient()
  const [editions, { timestamp }] = await Promise.all([
    readEditions(client, { contracts, contentId }),
    getBlock(client),
  ])
  const { answer, index } = await askIndex(context, (reader) =>
    reader.listings({ contentId, now: Number(timestamp), signal, ...paging }),
  )
  const offers = await readOffers(client, { contracts, editions, places: answer.rows })
  const lines = offers.flatMap((offer) => offerLines(contentId, offer))
  const shown = { fields: { offers: offers.map(toJson) }, lines, none: 'Nobody resells a key to this.' }
  const command = `offers ${contentId}`
  showPage(context.output, { ...shown, command, first: options.first, cursor: answer.cursor, index })
}

function toJson({ listing, edition }: KeyOffer) {
  const { editionId, seller, unitPrice, token, available, expiry } = listing
  return { editionId, seller, unitPrice, token, available, expiry, version: edition.version }
}

/** An offer, and the command that buys a key of it at this price or not at all. */
export function offerLines(contentId: Hex, { listing }: KeyOffer): string[] {
  const { seller, unitPrice, token, available, expiry, editionId } = listing
  const price = formatTokenAmount(unitPrice, token).padStart(14)
  const keys = (available === 1n ? '1 key' : `${available} keys`).padEnd(8)
  const native = isAddressEqual(token, zeroAddress)
  const most = native ? formatEther(unitPrice) : `${unitPrice} --token ${token}`
  return [
    [seller, price, keys, `until ${formatTime(expiry)}`].join('  '),
    `  sluice buy ${contentId} --from ${seller} --edition ${editionId} --max-price ${most}`,
  ]
}
