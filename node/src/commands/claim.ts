import type { Command } from 'commander'
import { isHex } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '@sluice/sdk'
import type { Context } from './context.ts'
import { formatAmount } from './format.ts'
import { withNode } from './run.ts'

type ClaimOptions = { force?: boolean; close?: boolean }

export function registerClaim(program: Command, signal: AbortSignal): void {
  program
    .command('claim')
    .description('Collect what this node earned')
    .argument('[channels...]', 'channel ids; all of them when none is named')
    .option('--force', 'also claim what is worth less than its gas')
    .option('--close', 'close the channels as well, so that the rest returns to the payers')
    .action(withNode(signal, claim))
}

async function claim({ node, output, signal }: Context, channels: string[], options: ClaimOptions): Promise<void> {
  const results = await node.claim(
    {
      ...(channels.length === 0 ? {} : { channelIds: channels.map(parseChannelId) }),
      force: options.force ?? false,
      close: options.close ?? false,
    },
    { signal },
  )
  const lines = results.map(({ channelId, amount }) => `${channelId}  ${formatAmount(BigInt(amount))}`)
  const total = results.reduce((sum, { amount }) => sum + BigInt(amount), 0n)
  const summary = results.length === 0 ? 'Nothing to claim that is worth its gas.' : `Claimed ${formatAmount(total)}.`
  output.result(results, [...lines, summary])
}

function parseChannelId(text: string): Hex {
  if (isHex(text) && text.length === 66) return text
  throw new SluiceError('BAD_INPUT', `"${text.slice(0, 80)}" is not a channel id (32 bytes in hex).`, {
    hint: 'sluice channels lists them.',
  })
}
