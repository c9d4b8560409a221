import type { Descriptor, PayeeChannel } from '@sluice/sdk/channel'
import { readAmount, readHex, readNumber } from './row.ts'
import type { Row } from './row.ts'

/** A channel of which this node is the payee, with all that a claim needs. */
export type LedgerChannel = PayeeChannel & {
  readonly descriptor: Descriptor
  /** Seconds between the payer's request to close and the close. */
  readonly challenge: number
}

export function readDescriptor(row: Row): Descriptor {
  return {
    payer: readHex(row, 'payer'),
    payee: readHex(row, 'payee'),
    token: readHex(row, 'token'),
    session: { qx: readHex(row, 'qx'), qy: readHex(row, 'qy') },
    salt: readHex(row, 'salt'),
  }
}

export function readChannelRow(row: Row): LedgerChannel {
  const channelId = readHex(row, 'channel_id')
  const channel = {
    channelId,
    descriptor: readDescriptor(row),
    deposit: readAmount(row, 'deposit'),
    claimed: readAmount(row, 'claimed'),
    closesAt: BigInt(readNumber(row, 'closes_at')),
    challenge: readNumber(row, 'challenge'),
  }
  if (row['tick_root'] === null) return channel
  return {
    ...channel,
    accepted: {
      voucher: {
        channelId,
        cumulative: readAmount(row, 'cumulative'),
        tickRoot: readHex(row, 'tick_root'),
        tickValue: readAmount(row, 'tick_value'),
        maxTicks: readNumber(row, 'max_ticks'),
      },
      signature: { r: readHex(row, 'r'), s: readHex(row, 's') },
      tick: readHex(row, 'tick'),
      ticks: readNumber(row, 'ticks'),
    },
  }
}
