import type { Command } from 'commander'
import { readContent } from '@sluice/sdk/chain'
import { buyEdition, buyOffer } from '@sluice/sdk/client'
import { SluiceError } from '@sluice/sdk'
import type { Address, Hex } from 'viem'
import { chooseEdition } from './choose-edition.ts'
import { chooseOffer } from './choose-offer.ts'
import type { ChainContext } from './context.ts'
import { formatTokenAmount, isContentId, parseAddress, parseBigInt, parseInteger, parseTokenAmount } from './format.ts'
import { withNode } from './run.ts'

type BuyOptions = {
  edition?: string
  quantity: string
  maxPrice?: string
  token?: string
  recipient?: string
  from?: string
}

const MAX_QUANTITY = 1_000_000

export function registerBuy(program: Command, signal: AbortSignal): void {
  program
    .command('buy')
    .description('Buy a key to a content')
    .argument('<content>', 'content id')
    .option('--edition <id>', 'edition (the cheapest that is left)')
    .option('--quantity <count>', 'keys, or durations of a timed edition', '1')
    .option('--max-price <amount>', 'most to pay per key (the creator’s price now; needed with --from)')
    .option('--token <address>', 'to pay in, amounts in its base units (the chain’s coin)')
    .option('--recipient <address>', 'who gets the key (this wallet)')
    .option('--from <seller>', 'a holder who resells its key; sluice offers prints the whole command')
    .action(withNode(signal, buy))
}

async function buy(context: ChainContext, content: string, options: BuyOptions): Promise<void> {
  const { output, contracts } = context
  if (!isContentId(content)) {
    throw new SluiceError('BAD_INPUT', `"${content.slice(0, 80)}" is not a content id (32 bytes in hex).`, {
      hint: 'Open content has no keys; get it by its CID: sluice get CID -o FILE',
    })
  }
  const quantity = BigInt(parseInteger(options.quantity, '--quantity', 1, MAX_QUANTITY))
  const { publicClient } = await context.wallet()
  await readContent(publicClient, { contracts, contentId: content })
  const buyFrom = options.from === undefined ? fromCreator : fromHolder
  const { editionId, token, hash, cost } = await buyFrom(context, content, quantity, options)
  output.result({ editionId, txHash: hash, cost }, [
    `Bought ${quantity} key${quantity === 1n ? '' : 's'} for ${formatTokenAmount(cost, token)} (transaction ${hash})`,
    `Get it with: sluice get ${content} -o FILE`,
  ])
}

async function fromCreator(context: ChainContext, contentId: Hex, quantity: bigint, options: BuyOptions) {
  const { contracts, signal } = context
  const { walletClient, publicClient } = await context.wallet()
  const token = tokenOf(context, options)
  const edition = await chooseEdition(publicClient, { contracts, contentId, token, ...editionOf(options) })
  const { editionId, terms } = edition
  const maxPrice = priceOf(options, token) ?? terms.price
  const shared = { quantity, maxPrice, signal, ...recipientOf(options) }
  const bought = await buyEdition(await context.reader(), walletClient, { edition, ...shared })
  return { ...bought, editionId, token }
}

async function fromHolder(context: ChainContext, contentId: Hex, quantity: bigint, options: BuyOptions) {
  const { contracts, signal } = context
  const { walletClient, publicClient } = await context.wallet()
  const seller = parseAddress(options.from ?? '', '--from')
  const token = tokenOf(context, options)
  const maxPrice = priceOf(options, token) ?? refuseWithoutPrice(contentId)
  const offer = await chooseOffer(publicClient, {
    contracts,
    contentId,
    seller,
    quantity,
    token,
    ...editionOf(options),
  })
  const shared = { quantity, maxPrice, signal, ...recipientOf(options) }
  const bought = await buyOffer(await context.reader(), walletClient, { offer, ...shared })
  return { ...bought, editionId: offer.edition.editionId, token }
}

function editionOf({ edition }: BuyOptions): { editionId?: bigint } {
  return edition === undefined ? {} : { editionId: parseBigInt(edition, '--edition') }
}

function tokenOf(context: ChainContext, { token }: BuyOptions): Address {
  return token === undefined ? context.token : parseAddress(token, '--token')
}

function priceOf({ maxPrice }: BuyOptions, token: Address): bigint | undefined {
  return maxPrice === undefined ? undefined : parseTokenAmount(maxPrice, '--max-price', token)
}

/** A holder can ask for more at any moment, so what is paid is what somebody has agreed to. */
function refuseWithoutPrice(contentId: Hex): never {
  throw new SluiceError('BAD_INPUT', '--from needs --max-price: the most to pay for a key.', {
    hint: `sluice offers ${contentId} prints the command for each offer, with its price.`,
  })
}

function recipientOf({ recipient }: BuyOptions): { recipient?: Address } {
  return recipient === undefined ? {} : { recipient: parseAddress(recipient, '--recipient') }
}
