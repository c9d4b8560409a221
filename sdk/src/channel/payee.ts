import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { SessionSignature, Voucher } from '../session/index.ts'
import { MAX_DEPOSIT } from './intent.ts'
import { MAX_TICKS, verifyTick } from './ticks.ts'

/** What a payee has accepted on top of a voucher: the furthest link, and how many it is worth. */
export type Accepted = {
  readonly voucher: Voucher
  readonly signature: SessionSignature
  readonly tick: Hex
  readonly ticks: number
}

/** A channel as its payee decides on it. Deposit, claimed and closing are the chain's word, the rest is the ledger's. */
export type PayeeChannel = {
  readonly channelId: Hex
  readonly deposit: bigint
  readonly claimed: bigint
  /** Unix seconds from which the payer may take the rest back; zero while open. */
  readonly closesAt: bigint
  readonly accepted?: Accepted
}

/** A payment as it came in; a voucher in it has been verified against the channel's session key. */
export type Payment = {
  readonly channelId: Hex
  readonly signed?: { readonly voucher: Voucher; readonly signature: SessionSignature }
  readonly tick: Hex
  readonly ticks: number
}

/** What the payee holds a promise for, in token base units: never less than what it has claimed. */
export function paidTotal({ accepted, claimed }: Pick<PayeeChannel, 'accepted' | 'claimed'>): bigint {
  if (accepted === undefined) return claimed
  const promised = accepted.voucher.cumulative + BigInt(accepted.ticks) * accepted.voucher.tickValue
  return promised > claimed ? promised : claimed
}

/**
 * Accepts a voucher, whose signature has been verified before. The same voucher once more changes nothing.
 * @throws CHANNEL_UNKNOWN, CHANNEL_CLOSING, TICK_INVALID, VOUCHER_STALE, VOUCHER_ABOVE_DEPOSIT
 */
export function acceptVoucher(channel: PayeeChannel, voucher: Voucher, signature: SessionSignature): PayeeChannel {
  requireOpen(channel, voucher.channelId)
  if (channel.accepted !== undefined && sameVoucher(channel.accepted.voucher, voucher)) return channel
  if (voucher.maxTicks > MAX_TICKS) throw new SluiceError('TICK_INVALID', `A voucher has at most ${MAX_TICKS} ticks.`)
  // The chain refuses a wider value even where no tick is revealed: such a voucher could never be claimed.
  if (voucher.tickValue > MAX_DEPOSIT)
    throw new SluiceError('TICK_INVALID', 'A tick is worth more than a channel can hold.')

  const paid = paidTotal(channel)
  if (voucher.cumulative < paid) throw stale(voucher.cumulative, paid)
  requireCovered(channel, voucher.cumulative)
  return { ...channel, accepted: { voucher, signature, tick: voucher.tickRoot, ticks: 0 } }
}

/**
 * Accepts the link worth `ticks` in total of the current voucher, hashing only what is new.
 * @throws CHANNEL_UNKNOWN, CHANNEL_CLOSING, VOUCHER_STALE without a voucher, TICK_REPLAYED, TICK_INVALID,
 * VOUCHER_ABOVE_DEPOSIT
 */
export function acceptTick(channel: PayeeChannel, tick: Hex, ticks: number): PayeeChannel {
  requireOpen(channel, channel.channelId)
  const { accepted } = channel
  if (accepted === undefined) throw new SluiceError('VOUCHER_STALE', 'A tick needs a voucher before it.')
  const { voucher } = accepted
  if (ticks <= accepted.ticks) {
    throw new SluiceError('TICK_REPLAYED', `Tick ${ticks} was accepted before.`, {
      details: { offered: ticks, accepted: accepted.ticks },
    })
  }
  if (ticks > voucher.maxTicks) throw new SluiceError('TICK_INVALID', `The voucher has ${voucher.maxTicks} ticks.`)
  requireCovered(channel, voucher.cumulative + BigInt(ticks) * voucher.tickValue)
  if (!verifyTick(accepted.tick, tick, ticks - accepted.ticks)) {
    throw new SluiceError('TICK_INVALID', 'The tick does not lead to the voucher’s root.')
  }
  return { ...channel, accepted: { ...accepted, tick, ticks } }
}

/**
 * Accepts a whole payment: a voucher if it brings one, then its ticks. `added` is what it is worth now.
 * @throws whatever {@link acceptVoucher} and {@link acceptTick} refuse with
 */
export function acceptPayment(channel: PayeeChannel, payment: Payment): { channel: PayeeChannel; added: bigint } {
  requireOpen(channel, payment.channelId)
  const { signed, tick, ticks } = payment
  const before = paidTotal(channel)
  let after = signed === undefined ? channel : acceptVoucher(channel, signed.voucher, signed.signature)
  if (ticks > 0 || signed === undefined) after = acceptTick(after, tick, ticks)
  return { channel: after, added: paidTotal(after) - before }
}

/** Everything a claim needs beside the descriptor, when there is something that the chain has not paid yet. */
export function bestClaim(channel: PayeeChannel): Accepted | undefined {
  return claimable(channel) > 0n ? channel.accepted : undefined
}

/** What a claim would pay now, in token base units. */
export function claimable(channel: PayeeChannel): bigint {
  const paid = paidTotal(channel)
  return (paid < channel.deposit ? paid : channel.deposit) - channel.claimed
}

export function sameVoucher(a: Voucher, b: Voucher): boolean {
  return (
    a.channelId === b.channelId &&
    a.cumulative === b.cumulative &&
    a.tickRoot === b.tickRoot &&
    a.tickValue === b.tickValue &&
    a.maxTicks === b.maxTicks
  )
}

function requireOpen(channel: PayeeChannel, offered: Hex): void {
  if (channel.channelId !== offered) throw new SluiceError('CHANNEL_UNKNOWN', 'The payment is for another channel.')
  if (channel.closesAt !== 0n) throw new SluiceError('CHANNEL_CLOSING', 'The channel is closing or closed.')
}

function requireCovered({ deposit }: PayeeChannel, total: bigint): void {
  if (total <= deposit) return
  throw new SluiceError('VOUCHER_ABOVE_DEPOSIT', `The channel holds ${deposit}, the payment promises ${total}.`, {
    details: { offered: total, deposit },
  })
}

function stale(offered: bigint, paid: bigint): SluiceError {
  return new SluiceError('VOUCHER_STALE', `The voucher promises ${offered}, ${paid} was promised before.`, {
    details: { offered, paid },
  })
}
