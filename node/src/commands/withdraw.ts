import { Option } from 'commander'
import type { Command } from 'commander'
import { readEscrow, requestWithdraw, withdraw } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Address } from 'viem'
import type { ChainContext } from './context.ts'
import { formatTime, formatTokenAmount, parseAddress, parseTokenAmount } from './format.ts'
import { withNode } from './run.ts'
import { withdrawSales } from './withdraw-sales.ts'

type WithdrawOptions = { amount?: string; token?: string; sales?: boolean }

export function registerWithdraw(program: Command, signal: AbortSignal): void {
  program
    .command('withdraw')
    .description('Take what is left in escrow back: announces it, and pays out once the delay has passed')
    .option('--amount <amount>', 'how much (all of it)')
    .option('--token <address>', 'in this token, amounts in its base units (the chain’s coin)')
    .addOption(
      new Option('--sales', 'what keys sold and resold have brought in instead, which has no delay').conflicts(
        'amount',
      ),
    )
    .action(
      withNode(signal, (context, options: WithdrawOptions) => {
        const token = options.token === undefined ? context.token : parseAddress(options.token, '--token')
        return options.sales === true ? withdrawSales(context, token) : withdrawEscrow(context, token, options)
      }),
    )
}

async function withdrawEscrow(context: ChainContext, token: Address, options: WithdrawOptions): Promise<void> {
  const { output, contracts, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const payer = account.address
  const { balance, withdrawal } = await readEscrow(publicClient, { contracts, payer, token })
  const time = (await publicClient.getBlock()).timestamp
  if (withdrawal !== undefined && time >= withdrawal.availableAt) {
    const { hash, paid } = await withdraw(walletClient, { contracts, token, signal })
    output.result({ state: 'withdrawn', amount: paid, txHash: hash }, [`Withdrew ${formatTokenAmount(paid, token)}.`])
    return
  }
  if (withdrawal !== undefined && options.amount === undefined) {
    output.result({ state: 'waiting', ...withdrawal }, [
      `${formatTokenAmount(withdrawal.amount, token)} can be withdrawn from ${formatTime(withdrawal.availableAt)} on.`,
    ])
    return
  }
  if (balance === 0n) {
    throw new SluiceError('INSUFFICIENT_FUNDS', 'Nothing is in escrow.', {
      hint: 'What is in open channels returns when they close: sluice channels close CHANNEL',
    })
  }
  const amount = options.amount === undefined ? balance : parseTokenAmount(options.amount, '--amount', token)
  const { hash } = await requestWithdraw(walletClient, { contracts, token, amount, signal })
  const requested = await readEscrow(publicClient, { contracts, payer, token })
  const availableAt = requested.withdrawal?.availableAt ?? time
  output.result({ state: 'requested', amount, availableAt, txHash: hash }, [
    `Requested ${formatTokenAmount(amount, token)}. From ${formatTime(availableAt)} on, run this again to receive it.`,
  ])
}
