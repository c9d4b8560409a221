import { isAddressEqual } from 'viem'
import { SluiceError } from '../errors.ts'
import { claimedIn } from './claimed-logs.ts'
import type { ChannelPaid } from './claimed-logs.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { ChannelClaim, WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Keeps a batch well below a block's gas, at 1,024 ticks each. */
export const MAX_CLAIMS = 50

/**
 * Claims over many channels of one payee, in one transaction. What has nothing to add, or is closed, is skipped and then
 * missing from `claimed`. Claims are submitted in order of their token, so that each token is transferred once.
 *
 * @throws `BAD_INPUT` for no claims, more than 50, or several payees.
 */
export async function claimChannels(
  client: WriteClient,
  options: claimChannels.Options,
): Promise<claimChannels.Result> {
  const { contracts, claims } = options
  checkBatch(claims)
  const sorted = claims.toSorted((a, b) => Number(BigInt(a.descriptor.token) > BigInt(b.descriptor.token)) * 2 - 1)
  const call = {
    address: contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'claimBatch',
    args: [sorted],
  } as const
  const sent = await send(client, call, options)
  return { ...sent, claimed: claimedIn(sent.receipt, contracts) }
}

export declare namespace claimChannels {
  type Options = WriteOptions & { readonly claims: readonly ChannelClaim[] }
  type Result = WriteResult & { readonly claimed: readonly ChannelPaid[] }
}

function checkBatch(claims: readonly ChannelClaim[]): void {
  const [first] = claims
  if (first === undefined) throw new SluiceError('BAD_INPUT', 'There is nothing to claim.')
  if (claims.length > MAX_CLAIMS) throw new SluiceError('BAD_INPUT', `At most ${MAX_CLAIMS} claims go in one batch.`)
  const { payee } = first.descriptor
  if (!claims.every(({ descriptor }) => isAddressEqual(descriptor.payee, payee))) {
    throw new SluiceError('BAD_INPUT', 'The claims of a batch have one payee.')
  }
}
