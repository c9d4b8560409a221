import { contentKeysAbi } from './generated/content-keys.ts'
import { isMarketApproved } from './is-market-approved.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Lets the market hand over the client's keys when they are bought, or takes that back, which stops all of its listings.
 * The market moves nothing that is not listed, but everything that is: offers that were made before sell again. Sends
 * nothing where it stands so already.
 */
export async function approveMarket(
  client: WriteClient,
  options: approveMarket.Options,
): Promise<WriteResult | undefined> {
  const { contracts, approved = true } = options
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const
  if ((await isMarketApproved(client, { contracts, seller: client.account.address })) === approved) return undefined
  return send(client, { ...keys, functionName: 'setApprovalForAll', args: [contracts.market, approved] }, options)
}

export declare namespace approveMarket {
  type Options = WriteOptions & {
    /** False takes the approval back; true when left out. */
    readonly approved?: boolean | undefined
  }
}
