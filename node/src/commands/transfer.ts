import { Option } from 'commander'
import type { Command } from 'commander'
import { cancelListing, readEditions, readKey, readListing, transferKey } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import type { ChainContext } from './context.ts'
import { formatTime, formatTokenAmount, parseAddress, parseBigInt, parseContentId } from './format.ts'
import { withNode } from './run.ts'

type TransferOptions = { edition?: string; offer?: 'cancel' | 'keep' }

export function registerTransfer(program: Command, signal: AbortSignal): void {
  program
    .command('transfer')
    .description('Give a key to another wallet; from then on it opens the content, and this wallet does not')
    .argument('<content>', 'content id')
    .argument('<address>', 'the new holder')
    .option('--edition <id>', 'edition (the one this wallet holds)')
    .addOption(
      new Option('--offer <what>', 'what becomes of this wallet’s offer to sell such keys').choices(['cancel', 'keep']),
    )
    .action(withNode(signal, transfer))
}

async function transfer(context: ChainContext, content: string, to: string, options: TransferOptions): Promise<void> {
  const { output, signal, contracts } = context
  const contentId = parseContentId(content)
  const recipient = parseAddress(to, 'The new holder')
  const { walletClient } = await context.wallet()
  const editionId =
    options.edition === undefined
      ? (await heldEdition(context, contentId)).editionId
      : parseBigInt(options.edition, '--edition')
  await settleOffer(context, editionId, options)
  const { hash } = await transferKey(walletClient, { contracts, editionId, to: recipient, signal })
  output.result({ editionId, to: recipient, txHash: hash }, [
    `The key now belongs to ${recipient} (transaction ${hash})`,
  ])
}

/**
 * An offer outlives the key: it would sell the next key of its kind at its price. Whoever transfers one says what shall
 * be.
 */
async function settleOffer(context: ChainContext, editionId: bigint, { offer }: TransferOptions): Promise<void> {
  const { contracts, signal, output } = context
  const { account, publicClient, walletClient } = await context.wallet()
  const [listing, { timestamp }] = await Promise.all([
    readListing(publicClient, { contracts, editionId, seller: account.address }),
    publicClient.getBlock(),
  ])
  if (listing === undefined || listing.expiry <= timestamp || offer === 'keep') return
  const price = formatTokenAmount(listing.unitPrice, listing.token)
  if (offer === undefined) {
    throw new SluiceError(
      'BAD_INPUT',
      `Keys of this edition are on offer for ${price} until ${formatTime(listing.expiry)}.`,
      {
        hint: 'The offer would sell whatever key of it this wallet gets later. Say --offer cancel, or --offer keep.',
      },
    )
  }
  await cancelListing(walletClient, { contracts, editionId, signal })
  output.note(`The offer for ${price} is taken back.`)
}

async function heldEdition(context: ChainContext, contentId: Hex): Promise<Edition> {
  const { contracts } = context
  const { account, publicClient } = await context.wallet()
  for (const edition of await readEditions(publicClient, { contracts, contentId })) {
    const { balance } = await readKey(publicClient, {
      contracts,
      editionId: edition.editionId,
      holder: account.address,
    })
    if (balance > 0n) return edition
  }
  throw new SluiceError('NOT_ENTITLED', `${account.address} holds no key to this content.`, {
    hint: `Buy one with: sluice buy ${contentId}`,
  })
}
