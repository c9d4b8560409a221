import { readKeyCredits, readMarketCredits, withdrawKeyCredits, withdrawMarketCredits } from '@sluice/sdk/chain'
import { SluiceError } from '@sluice/sdk'
import type { Address, Hash } from 'viem'
import type { ChainContext } from './context.ts'
import { formatTokenAmount } from './format.ts'

/**
 * Takes what keys sold and resold have credited to the wallet in a token, by the chain, a transaction for each contract
 * that owes it.
 */
export async function withdrawSales(context: ChainContext, token: Address): Promise<void> {
  const { contracts, output, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const owed = { contracts, token, account: account.address }
  const [sold, resold] = await Promise.all([readKeyCredits(publicClient, owed), readMarketCredits(publicClient, owed)])
  if (sold + resold === 0n) {
    throw new SluiceError('INSUFFICIENT_FUNDS', 'No key that was sold has left anything to withdraw in this token.', {
      hint: 'sluice earnings lists what came in, and the command for each token.',
    })
  }
  const txHashes: Hash[] = []
  const write = { contracts, token, signal }
  if (sold > 0n) txHashes.push((await withdrawKeyCredits(walletClient, write)).hash)
  if (resold > 0n) txHashes.push((await withdrawMarketCredits(walletClient, write)).hash)
  output.result({ state: 'withdrawn', token, amount: sold + resold, txHashes }, [
    `Withdrew ${formatTokenAmount(sold + resold, token)}.`,
  ])
}
