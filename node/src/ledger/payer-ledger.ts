import type { DatabaseSync } from 'node:sqlite'
import { matches } from '@sluice/sdk/channel'
import type { PayerChannel, PayerLedger, PayerVoucher } from '@sluice/sdk/channel'
import { SluiceError } from '@sluice/sdk'
import type { Hex } from 'viem'
import { readDescriptor } from './channel-row.ts'
import { remember } from './remember.ts'
import { readAmount, readHex, readNumber, readText } from './row.ts'
import type { Row } from './row.ts'

const STATES = ['opening', 'open', 'closing', 'closed'] as const

/** Channels that were paid on last, as they are in a database's file: one process owns that. */
const known = new WeakMap<DatabaseSync, Map<Hex, PayerChannel>>()
const MAX_KNOWN = 256

/** A node's memory of the channels that it pays from, in the ledger's file. */
export function createPayerLedger(database: DatabaseSync): PayerLedger {
  const channels = known.get(database) ?? new Map<Hex, PayerChannel>()
  known.set(database, channels)
  const get = database.prepare('SELECT * FROM payer_channels WHERE channel_id = ?')
  const all = database.prepare('SELECT * FROM payer_channels')
  const ofPayee = database.prepare('SELECT * FROM payer_channels WHERE payee = ? AND payer = ?')
  const put = database.prepare(`INSERT OR REPLACE INTO payer_channels
    (channel_id, payer, payee, token, qx, qy, salt, deposit, state, deadline, peer_id,
     cumulative, seed, tick_root, tick_value, max_ticks, ticks)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const putTicks = database.prepare('UPDATE payer_channels SET ticks = ? WHERE channel_id = ?')
  const loss = database.prepare('SELECT amount FROM losses WHERE payee = ? AND root = ?')
  const setLoss = database.prepare(`INSERT INTO losses (payee, root, amount) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = excluded.amount`)

  /** Remembers what the file holds, and nothing where that is refused or written in other words. */
  const write = (channel: PayerChannel, before?: PayerChannel): void => {
    const { channelId, voucher } = channel
    channels.delete(channelId)
    if (voucher === undefined || !isProgress(before, channel)) return void put.run(...toColumns(channel))
    putTicks.run(voucher.ticks, channelId)
    remember(channels, [channelId, channel], MAX_KNOWN)
  }
  const find = (channelId: Hex): PayerChannel | undefined => {
    const channel = channels.get(channelId) ?? read(get.get(channelId))
    return channel && remember(channels, [channelId, channel], MAX_KNOWN)
  }
  return {
    get: async (channelId) => find(channelId),
    list: async () => all.all().map(readPayerChannel),
    find: async (query) => {
      const rows = ofPayee.all(query.payee.toLowerCase(), query.payer.toLowerCase())
      return rows.map(readPayerChannel).filter((channel) => matches(channel, query))
    },
    save: async (channel) => write(channel),
    // Read, decided and written in one step: the calls are synchronous, and one statement is a transaction.
    update: async (channelId, change) => {
      const current = find(channelId)
      if (current === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel is remembered.')
      const next = change(current)
      write(next, current)
      return next
    },
    lost: async (payee, root) => {
      const row = loss.get(payee.toLowerCase(), root)
      return row === undefined ? 0n : readAmount(row, 'amount')
    },
    setLost: async (payee, root, amount) => void setLoss.run(payee.toLowerCase(), root, amount.toString()),
  }
}

/** Whether no more than ticks of the same voucher were promised, as all but one payment of a hundred do. */
function isProgress(before: PayerChannel | undefined, after: PayerChannel): boolean {
  if (before?.voucher === undefined || after.voucher === undefined) return false
  return isSameBut('voucher', before, after) && isSameBut('ticks', before.voucher, after.voucher)
}

function isSameBut<T extends object>(name: keyof T, a: T, b: T): boolean {
  const names = Object.keys({ ...a, ...b }) as (keyof T)[]
  return names.every((other) => other === name || a[other] === b[other])
}

function toColumns({ channelId, descriptor, voucher, ...channel }: PayerChannel): (string | number | null)[] {
  const { payer, payee, token, session, salt } = descriptor
  return [
    channelId,
    ...[payer, payee, token].map((address) => address.toLowerCase()),
    ...[session.qx, session.qy, salt],
    channel.deposit.toString(),
    channel.state,
    Number(channel.deadline),
    channel.peerId ?? null,
    ...voucherColumns(voucher),
  ]
}

function voucherColumns(voucher: PayerVoucher | undefined): (string | number | null)[] {
  if (voucher === undefined) return [null, null, null, null, null, null]
  const { cumulative, seed, tickRoot, tickValue, maxTicks, ticks } = voucher
  return [cumulative.toString(), seed, tickRoot, tickValue.toString(), maxTicks, ticks]
}

function read(row: Row | undefined): PayerChannel | undefined {
  return row === undefined ? undefined : readPayerChannel(row)
}

function readPayerChannel(row: Row): PayerChannel {
  const state = STATES.find((name) => name === row['state'])
  if (state === undefined) throw new SluiceError('STORE_CORRUPT', 'The ledger holds no valid state.')
  return {
    channelId: readHex(row, 'channel_id'),
    descriptor: readDescriptor(row),
    deposit: readAmount(row, 'deposit'),
    state,
    deadline: BigInt(readNumber(row, 'deadline')),
    ...(row['peer_id'] === null ? {} : { peerId: readText(row, 'peer_id') }),
    ...(row['seed'] === null
      ? {}
      : {
          voucher: {
            cumulative: readAmount(row, 'cumulative'),
            seed: readHex(row, 'seed'),
            tickRoot: readHex(row, 'tick_root'),
            tickValue: readAmount(row, 'tick_value'),
            maxTicks: readNumber(row, 'max_ticks'),
            ticks: readNumber(row, 'ticks'),
          },
        }),
  }
}
