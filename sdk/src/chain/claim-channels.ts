import { isAddressEqual } from 'viem'
import { SluiceError } from '../errors.ts'
import { batchClaimedIn } from './claimed-logs.ts'
import type { ClaimedTotal } from './claimed-logs.ts'
import { sliceChannelsAbi } from './generated/slice-channels.ts'
import { send } from './send.ts'
import type { Descriptor } from '../channel/index.ts'
import type { ChannelClaim, WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Keeps a batch well below a block's gas, at 1,024 ticks each. */
export const MAX_CLAIMS = 50
const AMOUNT_BOUND = 2n ** 96n

/**
 * Claims over many channels of one payee in one token, in one transaction. What has nothing to add, or is closed, is skipped
 * and then missing from `claimed`.
 *
 * @throws `BAD_INPUT` for no claims, more than 50, several payees or several tokens.
 */
export async function claimChannels(
  client: WriteClient,
  options: claimChannels.Options,
): Promise<claimChannels.Result> {
  const { contracts, claims } = options
  const { payee, token } = checkBatch(claims)
  const call = {
    address: contracts.channels,
    abi: sliceChannelsAbi,
    functionName: 'claimBatch',
    args: [payee, token, claims.map(packClaim)],
  } as const
  const sent = await send(client, call, options)
  const channelIds = claims.map(({ voucher }) => voucher.channelId)
  return { ...sent, claimed: batchClaimedIn(sent.receipt, contracts, channelIds) }
}

export declare namespace claimChannels {
  type Options = WriteOptions & { readonly claims: readonly ChannelClaim[] }
  /** Running totals after the batch. */
  type Result = WriteResult & { readonly claimed: readonly ClaimedTotal[] }
}

/** What all claims have in common. */
function checkBatch(claims: readonly ChannelClaim[]): Pick<Descriptor, 'payee' | 'token'> {
  const [first] = claims
  if (first === undefined) throw new SluiceError('BAD_INPUT', 'There is nothing to claim.')
  if (claims.length > MAX_CLAIMS) throw new SluiceError('BAD_INPUT', `At most ${MAX_CLAIMS} claims go in one batch.`)
  const { payee, token } = first.descriptor
  if (!claims.every(({ descriptor }) => isAddressEqual(descriptor.payee, payee))) {
    throw new SluiceError('BAD_INPUT', 'The claims of a batch have one payee.')
  }
  if (!claims.every(({ descriptor }) => isAddressEqual(descriptor.token, token))) {
    throw new SluiceError('BAD_INPUT', 'The claims of a batch have one token.')
  }
  return { payee, token }
}

/** As `ISliceChannels.BatchClaim`: bits 0–95 cumulative, 96–191 tickValue, 192–223 maxTicks, 224–255 ticks. */
function packClaim({ descriptor, voucher, signature, tick, ticks }: ChannelClaim) {
  const { payer, session, salt } = descriptor
  const { cumulative, tickValue, maxTicks } = voucher
  for (const amount of [cumulative, tickValue]) {
    if (amount >= AMOUNT_BOUND) throw new SluiceError('BAD_INPUT', `${amount} is more than a channel can hold.`)
  }
  const promised = cumulative | (tickValue << 96n) | (BigInt(maxTicks) << 192n) | (BigInt(ticks) << 224n)
  return { payer, session, salt, promised, tick, signature }
}
