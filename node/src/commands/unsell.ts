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
  const { contracts, output, signal } = context
  if (content === undefined && options.revoke !== true) {
    throw new SluiceError('BAD_INPUT', 'Which offer? Name its content, or say --revoke.')
  }
  const cancelled = content === undefined ? undefined : await cancelOffer(context, content, options)
  const { walletClient } = await context.wallet()
  const revoked =
    options.revoke === true ? await approveMarket(walletClient, { contracts, approved: false, signal }) : undefined
  output.result({ ...cancelled, ...(options.revoke === true && { revoked: revoked?.hash ?? null }) }, [
    ...(cancelled === undefined ? [] : [`The offer is taken back (transaction ${cancelled.txHash})`]),
    ...(options.revoke === true ? [describeRevoked(revoked?.hash)] : []),
  ])
}

function describeRevoked(hash: string | undefined): string {
  return hash === undefined
    ? 'The market was not approved to hand over keys of this wallet.'
    : `The market may hand over no key of this wallet any more (transaction ${hash})`
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
  return { editionId, txHash: hash }
}
