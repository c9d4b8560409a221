import type { Address } from 'viem'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Reads a wallet's free escrow in a token, channels not included, and the withdrawal that waits. */
export async function readEscrow(client: ReadClient, options: readEscrow.Options): Promise<readEscrow.Result> {
  const channels = { address: options.contracts.channels, abi: sliceChannelsAbi } as const
  const args = [options.payer, options.token] as const
  const [balance, [amount, availableAt]] = await Promise.all([
    read(client, { ...channels, functionName: 'balanceOf', args }, options),
    read(client, { ...channels, functionName: 'withdrawalOf', args }, options),
  ])
  return { balance, ...(amount > 0n && { withdrawal: { amount, availableAt } }) }
}

export declare namespace readEscrow {
  type Options = ReadOptions & { readonly payer: Address; readonly token: Address }
  type Result = {
    readonly balance: bigint
    /** Missing when none was requested; `availableAt` in unix seconds. */
    readonly withdrawal?: { readonly amount: bigint; readonly availableAt: bigint }
  }
}
