import type { Hex } from 'viem'
import { isSluiceError } from '@sluice/sdk'
import { MAX_CLAIMS } from '@sluice/sdk/chain'
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
    if (!close) return claimBatches(components, await worthwhile(known, force))
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

/** @throws the last failure, when all failed: otherwise failures are only logged */
async function claimBatches(components: ClaimerComponents, channels: LedgerChannel[]): Promise<Claimed[]> {
  const { chain, log } = components
  const claims = channels.flatMap(toClaim)
  const results: Claimed[] = []
  let failure: { error: unknown } | undefined
  const attempt = async (batch: readonly ChannelClaim[]): Promise<void> => {
    try {
      results.push(...recordClaims(components, await chain.claim(batch)))
    } catch (error) {
      if (isSluiceError(error, 'RPC_UNREACHABLE')) throw error
      // One claim that the chain refuses reverts its whole batch: the others are then claimed by themselves.
      if (batch.length > 1) return inOrder(batch, (claim) => attempt([claim]))
      log.warn({ err: error, channelId: batch[0]?.voucher.channelId }, 'could not claim from a channel')
      failure = { error }
    }
  }
  await inOrder(batchesOf(claims), attempt)
  if (results.length === 0 && failure !== undefined) throw failure.error
  return results
}

function recordClaims({ ledger, log }: ClaimerComponents, { hash, claimed }: ClaimReceipt): Claimed[] {
  const at = Math.floor(Date.now() / 1000)
  return claimed.map(({ channelId, claimed: total }) => {
    const amount = ledger.recordClaim(channelId, { claimed: total, txHash: hash, at })
    log.info({ channelId, amount: amount.toString(), txHash: hash }, 'claimed')
    return { channelId, amount, txHash: hash }
  })
}

/** None when the chain has paid everything already. */
function toClaim(channel: LedgerChannel): ChannelClaim[] {
  const accepted = bestClaim(channel)
  return accepted === undefined ? [] : [{ descriptor: channel.descriptor, ...accepted }]
}

/** A batch pays one payee in one token. */
function batchesOf(claims: readonly ChannelClaim[]): ChannelClaim[][] {
  const groups = Map.groupBy(claims, ({ descriptor: { payee, token } }) => `${payee} ${token}`.toLowerCase())
  return [...groups.values()].flatMap((group) => {
    const count = Math.ceil(group.length / MAX_CLAIMS)
    return Array.from({ length: count }, (_, at) => group.slice(at * MAX_CLAIMS, (at + 1) * MAX_CLAIMS))
  })
}

async function inOrder<T>(items: readonly T[], action: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await action(item)
}
