import { pad, toHex } from 'viem'
import type { Address } from 'viem'

/** What the two ends of the transfers know of each other beforehand. */

/** Wallets that every seeder's chain has an escrow for. */
export const WALLETS: readonly Address[] = Array.from({ length: 200 }, (_, at) => numbered('0xa1', at))
/** Base units per slice. */
export const PRICE = 1000n
/** The same exchange with the same checks, asked nothing for. */
export const UNPAID_PROTOCOL = '/sluice/bench/unpaid/1.0.0'

export const PEER_OPTIONS = {
  listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'],
  announce: [],
  bootstrap: [],
  privateNetwork: true,
  maxConnections: 300,
}

/** Whom a seeder has paid: a channel is known by its payee, and each seeder has a chain of its own. */
export function payeeOf(seeder: number): Address {
  return numbered('0xb2', seeder)
}

function numbered(prefix: `0x${string}`, at: number): Address {
  return pad(`${prefix}${toHex(at + 1, { size: 4 }).slice(2)}`, { dir: 'right', size: 20 })
}
