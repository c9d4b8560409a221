import { createConsumerPayer } from '@sluice/sdk/client'
import type { Consumer } from '@sluice/sdk/client'
import type { Payer } from '@sluice/sdk/exchange'
import type { Address } from 'viem'
import type { DaemonParts } from '../daemon/parts.ts'
import { createPayerLedger } from '../ledger/index.ts'
import { readerOf } from './reader.ts'

/** A wallet for which this node speaks, and its purse. */
export type Purse = { readonly consumer: Consumer; readonly payer: Payer }

/** One purse a wallet, shared by all of its downloads: a channel must not pay two of them at once. */
export function createPurses(parts: DaemonParts): (wallet: Address) => Purse {
  const payerLedger = createPayerLedger(parts.ledger.database)
  const purses = new Map<string, Purse>()
  return (wallet) => {
    const key = wallet.toLowerCase()
    const known = purses.get(key)
    if (known !== undefined) return known
    const consumer: Consumer = { session: parts.keys.session, wallet, payerLedger }
    const purse = { consumer, payer: createConsumerPayer(readerOf(parts), consumer) }
    purses.set(key, purse)
    return purse
  }
}
