import type { Hex } from 'viem'
import type { ChannelClaim } from '@sluice/sdk/chain'
import { CLOSED_AT, bestClaim, claimable, decideClaim } from '@sluice/sdk/channel'
import type { LedgerChannel } from '../../ledger/index.ts'
import { createMutex } from './mutex.ts'
import type { ClaimReceipt, SliceComponents } from './types.ts'

export type Claimed = { readonly channelId: Hex; readonly amount: bigint; readonly txHash: Hex }

/** Collects what was earned. One claim runs at a time, so that nothing is claimed twice. */
export type Claimer = {
  /**
   * Claims these channels, or all; what is not worth its gas only with `force`. With `close` the channels are closed as
   * well, worth it or not.
   */
  claim(channelIds?: readonly Hex[], options?: { force?: boolean; close?: boolean }): Promise<Claimed[]>
  /** A payer asked to close: what is left is claimed at once, while the challenge window lasts. */
  onCloseRequested(channelId: Hex): Promise<Claimed[]>
}

const MAX_BATCH = 50

type ClaimerComponents = Pick<SliceComponents, 'chain' | 'ledger' | 'policy' | 'log'>

export function createClaimer(components: ClaimerComponents): Claimer {
  const { chain, ledger, policy } = components
  const exclusive = createMutex()

  const record = (receipt: ClaimReceipt): Claimed[] => recordClaims(components, receipt)

  const worthwhile = async (channels: LedgerChannel[], force: boolean): Promise<LedgerChannel[]> => {
    if (force) return channels.filter((channel) => claimable(channel) > 0n && channel.closesAt !== CLOSED_AT)
    const market = { gasPrice: await chain.gasPrice(), rate: policy.rate }
    return channels.filter((channel) => decideClaim(channel, policy.claim, market).claim)
  }

  const claimBatches = async (channels: LedgerChannel[]): Promise<Claimed[]> => {
    const claims = channels.flatMap(toClaim)
    const results: Claimed[] = []
    for (let first = 0; first < claims.length; first += MAX_BATCH) {
      results.push(...record(await chain.claim(claims.slice(first, first + MAX_BATCH))))
    }
    return results
  }

  const claimAndClose = async (channel: LedgerChannel): Promise<Claimed[]> => {
    const [claim] = toClaim(channel)
    if (claim === undefined) await chain.closeNow(channel.descriptor)
    const results = claim === undefined ? [] : record(await chain.claimAndClose(claim))
    ledger.recordClosing(channel.channelId, CLOSED_AT)
    return results
  }

  const refresh = async (channelId: Hex): Promise<void> => {
    const standing = await chain.standing(channelId)
    if (standing !== undefined) ledger.recordStanding(channelId, standing)
  }

  const run = async (ids: readonly Hex[] | undefined, { force = false, close = false }): Promise<Claimed[]> => {
    const known = ledger.channels().filter(({ channelId, closesAt }) => {
      return closesAt !== CLOSED_AT && (ids === undefined || ids.includes(channelId))
    })
    if (!close) return claimBatches(await worthwhile(known, force))
    const results: Claimed[] = []
    for (const channel of known) results.push(...(await claimAndClose(channel)))
    return results
  }

  return {
    claim: (ids, options = {}) => exclusive(() => run(ids, options)),
    onCloseRequested: (channelId) =>
      exclusive(async () => {
        if (ledger.channel(channelId) === undefined) return []
        await refresh(channelId)
        return run([channelId], {})
      }),
  }
}

function recordClaims({ ledger, log }: ClaimerComponents, { hash, claimed }: ClaimReceipt): Claimed[] {
  const at = Math.floor(Date.now() / 1000)
  return claimed.map(({ channelId, paid, claimed: total }) => {
    ledger.recordClaim(channelId, { amount: paid, claimed: total, txHash: hash, at })
    log.info({ channelId, amount: paid.toString(), txHash: hash }, 'claimed')
    return { channelId, amount: paid, txHash: hash }
  })
}

/** None when the chain has paid everything already. */
function toClaim(channel: LedgerChannel): ChannelClaim[] {
  const accepted = bestClaim(channel)
  return accepted === undefined ? [] : [{ descriptor: channel.descriptor, ...accepted }]
}
