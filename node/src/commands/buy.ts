import type { Command } from 'commander'
import { readContent } from '@sluice/sdk/chain'
import { buyEdition } from '@sluice/sdk/client'
import { SluiceError } from '@sluice/sdk'
import { chooseEdition } from './choose-edition.ts'
import type { Context } from './context.ts'
import { formatAmount, isContentId, parseAddress, parseAmount, parseBigInt, parseInteger } from './format.ts'
import { withNode } from './run.ts'

type BuyOptions = { edition?: string; quantity: string; maxPrice?: string; recipient?: string }

const MAX_QUANTITY = 1_000_000

export function registerBuy(program: Command, signal: AbortSignal): void {
  program
    .command('buy')
    .description('Buy a key to a content')
    .argument('<content>', 'content id')
    .option('--edition <id>', 'edition (the cheapest that is left)')
    .option('--quantity <count>', 'keys, or durations of a timed edition', '1')
    .option('--max-price <amount>', 'most to pay per key (its price now)')
    .option('--recipient <address>', 'who gets the key (this wallet)')
    .action(withNode(signal, buy))
}

async function buy(context: Context, content: string, options: BuyOptions): Promise<void> {
  const { output, signal, contracts } = context
  if (!isContentId(content)) {
    throw new SluiceError('BAD_INPUT', `"${content.slice(0, 80)}" is not a content id (32 bytes in hex).`, {
      hint: 'Open content has no keys; get it by its CID: sluice get CID -o FILE',
    })
  }
  const quantity = BigInt(parseInteger(options.quantity, '--quantity', 1, MAX_QUANTITY))
  const { walletClient, publicClient } = await context.wallet()
  await readContent(publicClient, { contracts, contentId: content })
  const wanted = options.edition === undefined ? {} : { editionId: parseBigInt(options.edition, '--edition') }
  const edition = await chooseEdition(publicClient, { contracts, contentId: content, ...wanted })
  const maxPrice = options.maxPrice === undefined ? edition.terms.price : parseAmount(options.maxPrice, '--max-price')
  const recipient = options.recipient === undefined ? {} : { recipient: parseAddress(options.recipient, '--recipient') }
  const { hash, cost } = await buyEdition(await context.reader(), walletClient, {
    edition,
    quantity,
    maxPrice,
    signal,
    ...recipient,
  })
  output.result({ editionId: edition.editionId, txHash: hash, cost }, [
    `Bought ${quantity} key${quantity === 1n ? '' : 's'} for ${formatAmount(cost)} (transaction ${hash})`,
    `Get it with: sluice get ${content} -o FILE`,
  ])
}
