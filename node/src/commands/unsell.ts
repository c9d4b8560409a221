import { approveMarket, cancelListing, readListing } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Command } from 'commander'
import { chooseOwnEdition } from './choose-own-edition.ts'
import type { ChainContext } from './context.ts'
import { parseContentId } from './format.ts'
import { withNode } from './run.ts'

type UnsellOptions = { edition?: string; revoke?: boolean }

export function registerUnsell(program: Command, signal: AbortSignal): void {
  program
    .command('unsell')
    .description('Take an offer of this wallet back')
    .argument('[content]', 'content id; none is needed with --revoke')
    .option('--edition <id>', 'edition (the one this wallet offers)')
    .option(
      '--revoke',
      'also take the market’s approval back: none of this wallet’s offers sells anything from then on',
    )
    .action(withNode(signal, unsell))
}

async function unsell(context: ChainContext, content: string | undefined, options: UnsellOptions): Promise<void> {
  if (content === undefined && options.revoke !== true) {
    throw new SluiceError('BAD_INPUT', 'Which offer? Name its content, or say --revoke.')
  }
  const cancelled = content === undefined ? NOTHING : await cancelOffer(context, content, options)
  const revoked = options.revoke === true ? await revokeApproval(context) : NOTHING
  context.output.result({ ...cancelled.value, ...revoked.value }, [...cancelled.lines, ...revoked.lines])
}

const NOTHING = { value: {}, lines: [] } as const

async function revokeApproval(context: ChainContext) {
  const { contracts, signal } = context
  const { walletClient } = await context.wallet()
  const sent = await approveMarket(walletClient, { contracts, approved: false, signal })
  const line =
    sent === undefined
      ? 'The market was not approved to hand over keys of this wallet.'
      : `The market may hand over no key of this wallet any more (transaction ${sent.hash})`
  return { value: { revoked: sent?.hash ?? null }, lines: [line] }
}

async function cancelOffer(context: ChainContext, content: string, options: UnsellOptions) {
  const { contracts, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const seller = account.address
  const { editionId } = await chooseOwnEdition(
    context,
    parseContentId(content),
    options.edition,
    async (edition) =>
      (await readListing(publicClient, { contracts, editionId: edition.editionId, seller })) !== undefined,
  )
  const { hash } = await cancelListing(walletClient, { contracts, editionId, signal })
  return { value: { editionId, txHash: hash }, lines: [`The offer is taken back (transaction ${hash})`] }
}
