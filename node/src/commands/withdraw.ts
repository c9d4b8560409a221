import { Option } from 'commander'
import type { Command } from 'commander'
import { readEscrow, requestWithdraw, withdraw } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Context } from './context.ts'
import { formatAmount, parseAmount } from './format.ts'
import { withNode } from './run.ts'
import { withdrawSales } from './withdraw-sales.ts'

type WithdrawOptions = { amount?: string; sales?: boolean }

export function registerWithdraw(program: Command, signal: AbortSignal): void {
  program
    .command('withdraw')
    .description('Take what is left in escrow back: announces it, and pays out once the delay has passed')
    .option('--amount <amount>', 'how much (all of it)')
    .addOption(
      new Option('--sales', 'what keys sold and resold have brought in instead, which has no delay').conflicts(
        'amount',
      ),
    )
    .action(
      withNode(signal, (context, options: WithdrawOptions) =>
        options.sales === true ? withdrawSales(context) : withdrawEscrow(context, options),
      ),
    )
}

async function withdrawEscrow(context: Context, options: WithdrawOptions): Promise<void> {
  const { output, contracts, token, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const payer = account.address
  const { balance, withdrawal } = await readEscrow(publicClient, { contracts, payer, token })
  const time = (await publicClient.getBlock()).timestamp
  if (withdrawal !== undefined && time >= withdrawal.availableAt) {
    const { hash, paid } = await withdraw(walletClient, { contracts, token, signal })
    output.result({ state: 'withdrawn', amount: paid, txHash: hash }, [`Withdrew ${formatAmount(paid)}.`])
    return
  }
  if (withdrawal !== undefined && options.amount === undefined) {
    output.result({ state: 'waiting', ...withdrawal }, [
      `${formatAmount(withdrawal.amount)} can be withdrawn from ${isoTime(withdrawal.availableAt)} on.`,
    ])
    return
  }
  if (balance === 0n) {
    throw new SluiceError('INSUFFICIENT_FUNDS', 'Nothing is in escrow.', {
      hint: 'What is in open channels returns when they close: sluice channels close CHANNEL',
    })
  }
  const amount = options.amount === undefined ? balance : parseAmount(options.amount, '--amount')
  const { hash } = await requestWithdraw(walletClient, { contracts, token, amount, signal })
  const requested = await readEscrow(publicClient, { contracts, payer, token })
  const availableAt = requested.withdrawal?.availableAt ?? time
  output.result({ state: 'requested', amount, availableAt, txHash: hash }, [
    `Requested ${formatAmount(amount)}. From ${isoTime(availableAt)} on, run this again to receive it.`,
  ])
}

function isoTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1000).toISOString()
}
