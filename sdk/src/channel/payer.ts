import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { MAX_TICKS } from './ticks.ts'
import type { Descriptor } from './descriptor.ts'

/** The voucher that a payer is revealing ticks of; the seed never leaves the payer. */
export type PayerVoucher = {
  readonly cumulative: bigint
  readonly seed: Hex
  readonly tickRoot: Hex
  readonly tickValue: bigint
  readonly maxTicks: number
  /** Ticks revealed so far. */
  readonly ticks: number
}

/** A channel as its payer remembers it. Amounts in token base units. */
export type PayerChannel = {
  readonly channelId: Hex
  readonly descriptor: Descriptor
  readonly deposit: bigint
  /** `opening` until the payee has confirmed it, and never again after. */
  readonly state: 'opening' | 'open' | 'closing' | 'closed'
  /** Last second at which an unconfirmed intent can still be mined, unix seconds. */
  readonly deadline: bigint
  /** Who served it last, as peer id text. */
  readonly peerId?: string
  readonly voucher?: PayerVoucher
}

/** What the payer has promised in total. */
export function promisedTotal({ voucher }: Pick<PayerChannel, 'voucher'>): bigint {
  return voucher === undefined ? 0n : voucher.cumulative + BigInt(voucher.ticks) * voucher.tickValue
}

/** What can still be promised on the channel. */
export function promisable(channel: Pick<PayerChannel, 'voucher' | 'deposit'>): bigint {
  return channel.deposit - promisedTotal(channel)
}

/** Whether paying `count` slices of `price` needs a new voucher, or only ticks of the current one. */
export function needsVoucher({ voucher }: Pick<PayerChannel, 'voucher'>, price: bigint, count: number): boolean {
  return voucher === undefined || voucher.tickValue !== price || voucher.ticks + count > voucher.maxTicks
}

/**
 * Starts a new voucher where the current one ends: nothing is promised twice and nothing is lost.
 * @param chain a fresh chain, used for no other payee or voucher
 */
export function startVoucher(
  channel: PayerChannel,
  chain: { seed: Hex; root: Hex; length: number },
  price: bigint,
): PayerChannel {
  const { seed, root, length } = chain
  const cumulative = promisedTotal(channel)
  return {
    ...channel,
    voucher: { cumulative, seed, tickRoot: root, tickValue: price, maxTicks: length, ticks: 0 },
  }
}

/**
 * Promises `count` more ticks of the current voucher.
 * @throws VOUCHER_ABOVE_DEPOSIT when the channel does not hold as much, TICK_INVALID when the voucher has not as many
 */
export function revealTicks(channel: PayerChannel, count: number): PayerChannel {
  const { voucher } = channel
  if (voucher === undefined || voucher.ticks + count > voucher.maxTicks) {
    throw new SluiceError('TICK_INVALID', 'The voucher has no tick left.')
  }
  const next = { ...channel, voucher: { ...voucher, ticks: voucher.ticks + count } }
  if (promisedTotal(next) > channel.deposit) {
    throw new SluiceError('VOUCHER_ABOVE_DEPOSIT', 'The channel does not hold as much.')
  }
  return next
}

/** How many ticks a new voucher needs so that it lasts as long as the deposit, at most {@link MAX_TICKS}. */
export function ticksFor(left: bigint, price: bigint): number {
  const affordable = left / price
  if (affordable < 1n) throw new SluiceError('VOUCHER_ABOVE_DEPOSIT', 'The channel does not hold one more slice.')
  return affordable > BigInt(MAX_TICKS) ? MAX_TICKS : Number(affordable)
}
