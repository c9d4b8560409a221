import type { readChannel } from '@sluice/sdk/chain'
import { promisedTotal } from '@sluice/sdk/channel'
import type { PayerChannel } from '@sluice/sdk/channel'
import type { Hex } from 'viem'
import type { ChannelSummary } from './types.ts'

/** A channel as it stands on chain; undefined when it was never opened. */
export type FindStanding = (channelId: Hex) => Promise<readChannel.Result | undefined>

/** Chain look-ups in flight at once. */
const CHAIN_READS = 16

/** Channels that this node pays from. What was claimed is the payees' doing, so the chain is asked. */
export async function describePaying(
  channels: readonly PayerChannel[],
  findStanding: FindStanding,
): Promise<ChannelSummary[]> {
  const summaries: ChannelSummary[] = []
  for (let start = 0; start < channels.length; start += CHAIN_READS) {
    const part = channels.slice(start, start + CHAIN_READS)
    const standings = await Promise.all(part.map(({ channelId }) => findStanding(channelId)))
    summaries.push(...part.map((channel, at) => describeChannel(channel, standings[at])))
  }
  return summaries
}

function describeChannel(channel: PayerChannel, standing: readChannel.Result | undefined): ChannelSummary {
  const { channelId, descriptor, voucher, peerId } = channel
  const { payer, payee, token } = descriptor
  const { deposit, claimed, state, closesAt } = standing ?? { ...channel, claimed: 0n, state: 'open', closesAt: 0n }
  return {
    channelId,
    role: 'payer',
    payer,
    payee,
    token,
    deposit: deposit.toString(),
    claimed: claimed.toString(),
    accepted: promisedTotal(channel).toString(),
    ticks: voucher?.ticks ?? 0,
    closesAt: state === 'closing' ? Number(closesAt) : 0,
    state,
    ...(peerId === undefined ? {} : { peerId }),
  }
}
