import { approveMarket, findListings, isMarketApproved, listKey, readKey, readListing } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Command } from 'commander'
import { getBlock } from 'viem/actions'
import { chooseOwnEdition } from './choose-own-edition.ts'
import type { ChainContext } from './context.ts'
import { formatAmount, formatTime, formatTokenAmount, parseAmount, parseContentId, parseInteger } from './format.ts'
import { withNode } from './run.ts'

const DAY_SECONDS = 86_400n
const MAX_DAYS = 3650
const MAX_QUANTITY = 1_000_000
/** The most that the market can hold as a price. */
const MAX_PRICE = 2n ** 96n - 1n

type SellOptions = { price: string; quantity: string; days: string; edition?: string; revive?: boolean }

export function registerSell(program: Command, signal: AbortSignal): void {
  program
    .command('sell')
    .description('Offer keys of this wallet for resale; they stay in it until somebody buys them')
    .argument('<content>', 'content id')
    .requiredOption('--price <amount>', 'of one key; the creator’s royalty comes out of it')
    .option('--quantity <count>', 'keys', '1')
    .option('--days <count>', 'days until the offer ends', '30')
    .option('--edition <id>', 'edition (the one this wallet holds)')
    .option('--revive', 'even where older offers sell again, because the market was not approved any more')
    .action(withNode(signal, sell))
}

async function sell(context: ChainContext, content: string, options: SellOptions): Promise<void> {
  const { contracts, output, signal } = context
  const contentId = parseContentId(content)
  const unitPrice = parsePrice(options.price)
  const quantity = BigInt(parseInteger(options.quantity, '--quantity', 1, MAX_QUANTITY))
  const days = BigInt(parseInteger(options.days, '--days', 1, MAX_DAYS))
  const { account, walletClient, publicClient } = await context.wallet()
  const seller = account.address
  const { editionId } = await chooseOwnEdition(context, contentId, options.edition, async ({ editionId, terms }) => {
    const held = await readKey(publicClient, { contracts, editionId, holder: seller })
    return terms.transferable && terms.duration === 0 && held.balance >= quantity
  })
  const replaced = await readListing(publicClient, { contracts, editionId, seller })
  await agreeToRevive(context, editionId, options)
  const { timestamp } = await getBlock(publicClient)
  const expiry = timestamp + days * DAY_SECONDS
  await approveMarket(walletClient, { contracts, signal })
  const { hash } = await listKey(walletClient, { contracts, editionId, quantity, unitPrice, expiry, signal })
  output.result({ editionId, quantity, unitPrice, expiry, replaced: replaced ?? null, txHash: hash }, [
    `${quantity === 1n ? 'A key is' : `${quantity} keys are`} on offer for ${formatAmount(unitPrice)} each until ${formatTime(expiry)} (transaction ${hash})`,
    ...(replaced === undefined
      ? []
      : [`This replaces the offer for ${formatTokenAmount(replaced.unitPrice, replaced.token)} each.`]),
    `Take it back with: sluice unsell ${contentId} --edition ${editionId}`,
  ])
}

/** A price that the market takes. Throws BAD_INPUT. */
export function parsePrice(text: string): bigint {
  const price = parseAmount(text, '--price')
  if (price > 0n && price <= MAX_PRICE) return price
  throw new SluiceError('BAD_INPUT', `--price must be above zero, and at most ${formatAmount(MAX_PRICE)}.`, {
    hint: 'To give a key away, transfer it.',
  })
}

/**
 * The approval is for all offers of a wallet: those that stand still, at prices of their day, would sell again with it.
 */
async function agreeToRevive(context: ChainContext, editionId: bigint, { revive }: SellOptions): Promise<void> {
  const { contracts } = context
  const { account, publicClient } = await context.wallet()
  const seller = account.address
  if (revive === true || (await isMarketApproved(publicClient, { contracts, seller }))) return
  const others = (await findListings(publicClient, { contracts, seller })).filter(
    (listing) => listing.editionId !== editionId,
  )
  if (others.length === 0) return
  const named = others.map(
    ({ editionId: id, quantity, unitPrice, token }) =>
      `${quantity} of edition ${id} for ${formatTokenAmount(unitPrice, token)} each`,
  )
  throw new SluiceError('BAD_INPUT', `Older offers of this wallet would sell again: ${named.join('; ')}.`, {
    hint: 'Take them back with sluice unsell CONTENT --edition EDITION, or say --revive.',
    details: { listings: others },
  })
}
