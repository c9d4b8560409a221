import type { Command } from 'commander'
import { readEditions, readKey, transferKey } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import type { Context } from './context.ts'
import { isContentId, parseAddress, parseBigInt } from './format.ts'
import { withNode } from './run.ts'

export function registerTransfer(program: Command, signal: AbortSignal): void {
  program
    .command('transfer')
    .description('Give a key to another wallet; from then on it opens the content, and this wallet does not')
    .argument('<content>', 'content id')
    .argument('<address>', 'the new holder')
    .option('--edition <id>', 'edition (the one this wallet holds)')
    .action(withNode(signal, transfer))
}

async function transfer(context: Context, content: string, to: string, options: { edition?: string }): Promise<void> {
  const { output, signal, contracts } = context
  if (!isContentId(content)) throw new SluiceError('BAD_INPUT', `"${content.slice(0, 80)}" is not a content id.`)
  const recipient = parseAddress(to, 'The new holder')
  const { walletClient } = await context.wallet()
  const editionId =
    options.edition === undefined
      ? (await heldEdition(context, content)).editionId
      : parseBigInt(options.edition, '--edition')
  const { hash } = await transferKey(walletClient, { contracts, editionId, to: recipient, signal })
  output.result({ editionId, to: recipient, txHash: hash }, [
    `The key now belongs to ${recipient} (transaction ${hash})`,
  ])
}

async function heldEdition(context: Context, contentId: Hex): Promise<Edition> {
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
