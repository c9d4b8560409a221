import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { SessionPublicKey } from '../session/index.ts'
import { sameHex, sameSession } from './descriptor.ts'
import type { PayerChannel } from './payer.ts'

/** Which channel a payer may reuse. */
export type ChannelQuery = {
  readonly payer: Address
  readonly payee: Address
  readonly token: Address
  readonly session: SessionPublicKey
}

/**
 * A payer's memory of its channels. A payment is saved before it leaves, so that no tick is promised twice and no voucher
 * falls behind; every method resolves when what it did is durable.
 */
export type PayerLedger = {
  get(channelId: Hex): Promise<PayerChannel | undefined>
  list(): Promise<PayerChannel[]>
  /** Every channel, of whatever state, that fits. */
  find(query: ChannelQuery): Promise<PayerChannel[]>
  /** Remembers a new channel, before its intent leaves. */
  save(channel: PayerChannel): Promise<void>
  /**
   * Reads, changes and writes one channel in one step. `change` is pure and may throw, then nothing is written.
   * @throws CHANNEL_UNKNOWN
   */
  update(channelId: Hex, change: (channel: PayerChannel) => PayerChannel): Promise<PayerChannel>
  /** Value of slices that were asked of a payee and lost on the way, so that its claim of a debt can be believed. */
  lost(payee: Address, root: string): Promise<bigint>
  setLost(payee: Address, root: string, amount: bigint): Promise<void>
}

/** Whether a channel is one that the query asks for. */
export function matches({ descriptor }: PayerChannel, query: ChannelQuery): boolean {
  return (
    sameHex(descriptor.payer, query.payer) &&
    sameHex(descriptor.payee, query.payee) &&
    sameHex(descriptor.token, query.token) &&
    sameSession(descriptor.session, query.session)
  )
}

/** A ledger that forgets: for tests and throw-away sessions. */
export function createMemoryPayerLedger(): PayerLedger {
  const channels = new Map<Hex, PayerChannel>()
  const losses = new Map<string, bigint>()
  const lossKey = (payee: Address, root: string): string => `${payee.toLowerCase()} ${root}`
  return {
    get: (id) => Promise.resolve(channels.get(id)),
    list: () => Promise.resolve([...channels.values()]),
    find: (query) => Promise.resolve([...channels.values()].filter((channel) => matches(channel, query))),
    save: (channel) => {
      channels.set(channel.channelId, channel)
      return Promise.resolve()
    },
    update: async (id, change) => {
      const current = channels.get(id)
      if (current === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel is remembered.')
      const next = change(current)
      channels.set(id, next)
      return Promise.resolve(next)
    },
    lost: (payee, root) => Promise.resolve(losses.get(lossKey(payee, root)) ?? 0n),
    setLost: (payee, root, amount) => {
      losses.set(lossKey(payee, root), amount)
      return Promise.resolve()
    },
  }
}
