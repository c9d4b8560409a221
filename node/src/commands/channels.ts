import type { Command } from 'commander'
import { finalizeClose, findChannel, readChannel, requestClose } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import { isHex } from 'viem'
import type { Hex } from 'viem'
import type { ChannelSummary } from '../api/client.ts'
import type { Context } from './context.ts'
import { formatAmount } from './format.ts'
import { withNode } from './run.ts'

export function registerChannels(program: Command, signal: AbortSignal): void {
  const channels = program
    .command('channels')
    .description('List the payment channels of this node')
    .action(withNode(signal, list))
  channels
    .command('close')
    .description('Ask for a channel’s rest back; run it again after the challenge time to receive it')
    .argument('<channel>', 'channel id')
    .action(withNode(signal, close))
}

async function list({ node, output, signal }: Context): Promise<void> {
  const [earning, paying] = await Promise.all([node.channels('payee', { signal }), node.channels('payer', { signal })])
  const all = [...earning, ...paying]
  output.result(all, all.length === 0 ? ['No channels.'] : all.map(describe))
}

function describe({ channelId, role, state, accepted, claimed, deposit }: ChannelSummary): string {
  const direction = role === 'payee' ? 'earned' : 'paid'
  const amounts = `${direction} ${formatAmount(BigInt(accepted))} of ${formatAmount(BigInt(deposit))}`
  return `${channelId}  ${state.padEnd(7)}  ${amounts}, claimed ${formatAmount(BigInt(claimed))}`
}

async function close(context: Context, channelId: string): Promise<void> {
  const { output, contracts, signal } = context
  if (!isChannelId(channelId)) {
    throw new SluiceError('BAD_INPUT', `"${channelId.slice(0, 80)}" is not a channel id (32 bytes in hex).`)
  }
  const { walletClient, publicClient } = await context.wallet()
  const { descriptor } = await findChannel(publicClient, { contracts, channelId })
  const before = await readChannel(publicClient, { contracts, channelId })
  const step = before.state === 'open' ? requestClose : finalizeClose
  const { hash } = await step(walletClient, { contracts, descriptor, signal })
  const after = await readChannel(publicClient, { contracts, channelId })
  const closesAt = after.state === 'closing' ? after.closesAt : null
  output.result({ channelId, state: after.state, closesAt, txHash: hash }, [
    closesAt === null
      ? 'Closed. What was not claimed is back in your escrow: sluice withdraw'
      : `Closing. From ${new Date(Number(closesAt) * 1000).toISOString()} on, run this again to get the rest back.`,
  ])
}

function isChannelId(text: string): text is Hex {
  return isHex(text) && text.length === 66
}
