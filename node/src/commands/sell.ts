import { approveMarket, cancelListing, listKey, readEditions, readKey, readListing } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Command } from 'commander'
import { getBlock } from 'viem/actions'
import type { Hex } from 'viem'
import type { Context } from './context.ts'
import { formatAmount, formatTime, parseAmount, parseBigInt, parseContentId, parseInteger } from './format.ts'
import { withNode } from './run.ts'

const DAY_SECONDS = 86_400n
const MAX_DAYS = 3650
const MAX_QUANTITY = 1_000_000

type SellOptions = { price: string; quantity: string; days: string; edition?: string }

export function registerSell(program: Command, signal: AbortSignal): void {
  program
    .command('sell')
    .description('Offer keys of this wallet for resale; they stay in it until somebody buys them')
    .argument('<content>', 'content id')
    .requiredOption('--price <amount>', 'of one key; the creator’s royalty comes out of it')
    .option('--quantity <count>', 'keys', '1')
    .option('--days <count>', 'days until the offer ends', '30')
    .option('--edition <id>', 'edition (the one this wallet holds)')
    .action(withNode(signal, sell))
  program
    .command('unsell')
    .description('Take an offer of this wallet back')
    .argument('<content>', 'content id')
    .option('--edition <id>', 'edition (the one this wallet offers)')
    .action(withNode(signal, unsell))
}

async function sell(context: Context, content: string, options: SellOptions): Promise<void> {
  const { contracts, output, signal } = context
  const contentId = parseContentId(content)
  const unitPrice = parseAmount(options.price, '--price')
  const quantity = BigInt(parseInteger(options.quantity, '--quantity', 1, MAX_QUANTITY))
  const days = BigInt(parseInteger(options.days, '--days', 1, MAX_DAYS))
  const { account, walletClient, publicClient } = await context.wallet()
  const { editionId } = await chooseEdition(context, contentId, options.edition, async (edition) => {
    const held = await readKey(publicClient, { contracts, editionId: edition.editionId, holder: account.address })
    return edition.terms.transferable && held.balance >= quantity
  })
  const { timestamp } = await getBlock(publicClient)
  const expiry = timestamp + days * DAY_SECONDS
  await approveMarket(walletClient, { contracts, signal })
  const { hash } = await listKey(walletClient, { contracts, editionId, quantity, unitPrice, expiry, signal })
  output.result({ editionId, quantity, unitPrice, expiry, txHash: hash }, [
    `${quantity === 1n ? 'A key is' : `${quantity} keys are`} on offer for ${formatAmount(unitPrice)} each until ${formatTime(expiry)} (transaction ${hash})`,
    `Take it back with: sluice unsell ${contentId}`,
  ])
}

async function unsell(context: Context, content: string, options: Pick<SellOptions, 'edition'>): Promise<void> {
  const { contracts, output, signal } = context
  const contentId = parseContentId(content)
  const { account, walletClient, publicClient } = await context.wallet()
  const seller = account.address
  const { editionId } = await chooseEdition(
    context,
    contentId,
    options.edition,
    async (edition) =>
      (await readListing(publicClient, { contracts, editionId: edition.editionId, seller })) !== undefined,
  )
  const { hash } = await cancelListing(walletClient, { contracts, editionId, signal })
  output.result({ editionId, txHash: hash }, [`The offer is taken back (transaction ${hash})`])
}

/** The named edition of a content, or the first that fits. Throws NOT_FOUND. */
async function chooseEdition(
  context: Context,
  contentId: Hex,
  named: string | undefined,
  fits: (edition: Edition) => Promise<boolean>,
): Promise<Edition> {
  const { contracts } = context
  const wanted = named === undefined ? undefined : parseBigInt(named, '--edition')
  for (const edition of await readEditions(await context.publicClient(), { contracts, contentId })) {
    if (wanted === undefined ? await fits(edition) : edition.editionId === wanted) return edition
  }
  throw new SluiceError('NOT_FOUND', 'This wallet has no such key of this content, or offers none.', {
    hint: 'sluice keys lists what it holds. Timed keys, and those that do not transfer, cannot be resold.',
  })
}
