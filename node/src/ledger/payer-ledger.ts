import type { DatabaseSync } from 'node:sqlite'
import { matches } from '@sluice/sdk/channel'
import type { PayerChannel, PayerLedger, PayerVoucher } from '@sluice/sdk/channel'
import { SluiceError } from '@sluice/sdk'
import { transaction } from '../store/database.ts'
import { readDescriptor } from './channel-row.ts'
import { readAmount, readHex, readNumber, readText } from './row.ts'
import type { Row } from './row.ts'

const STATES = ['opening', 'open', 'closing', 'closed'] as const

/** A node's memory of the channels that it pays from, in the ledger's file. */
export function createPayerLedger(database: DatabaseSync): PayerLedger {
  const get = database.prepare('SELECT * FROM payer_channels WHERE channel_id = ?')
  const all = database.prepare('SELECT * FROM payer_channels')
  const ofPayee = database.prepare('SELECT * FROM payer_channels WHERE payee = ? AND payer = ?')
  const put = database.prepare(`INSERT OR REPLACE INTO payer_channels
    (channel_id, payer, payee, token, qx, qy, salt, deposit, state, deadline, peer_id,
     cumulative, seed, tick_root, tick_value, max_ticks, ticks)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
  const loss = database.prepare('SELECT amount FROM losses WHERE payee = ? AND root = ?')
  const setLoss = database.prepare(`INSERT INTO losses (payee, root, amount) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET amount = excluded.amount`)

  const write = (channel: PayerChannel): void => void put.run(...toColumns(channel))
  return {
    get: async (channelId) => read(get.get(channelId)),
    list: async () => all.all().map(readPayerChannel),
    find: async (query) => {
      const rows = ofPayee.all(query.payee.toLowerCase(), query.payer.toLowerCase())
      return rows.map(readPayerChannel).filter((channel) => matches(channel, query))
    },
    save: async (channel) => write(channel),
    update: async (channelId, change) =>
      transaction(database, () => {
        const current = read(get.get(channelId))
        if (current === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'No such channel is remembered.')
        const next = change(current)
        write(next)
        return next
      }),
    lost: async (payee, root) => {
      const row = loss.get(payee.toLowerCase(), root)
      return row === undefined ? 0n : readAmount(row, 'amount')
    },
    setLost: async (payee, root, amount) => void setLoss.run(payee.toLowerCase(), root, amount.toString()),
  }
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
