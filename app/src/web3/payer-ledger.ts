import { SluiceError } from '@sluice/sdk'
import { matches } from '@sluice/sdk/channel'
import type { PayerChannel, PayerLedger } from '@sluice/sdk/channel'
import type { Address } from 'viem'
import { readValue, readValues, updateValue, writeValue } from './database.ts'

/** The payer's memory in this browser: durable before a payment leaves, shared by its tabs. */
export function createBrowserPayerLedger(): PayerLedger {
  const lossKey = (payee: Address, root: string) => `${payee.toLowerCase()} ${root}`
  const list = () => readValues<PayerChannel>('channels')
  return {
    get: (channelId) => readValue<PayerChannel>('channels', channelId),
    list,
    find: async (query) => (await list()).filter((channel) => matches(channel, query)),
    save: (channel) => writeValue('channels', channel.channelId, channel),
    update: (channelId, change) =>
      updateValue<PayerChannel>('channels', channelId, (channel) => {
        if (channel === undefined) throw new SluiceError('CHANNEL_UNKNOWN', 'This browser does not know the channel.')
        return change(channel)
      }),
    lost: async (payee, root) => (await readValue<bigint>('losses', lossKey(payee, root))) ?? 0n,
    setLost: (payee, root, amount) => writeValue('losses', lossKey(payee, root), amount),
  }
}
