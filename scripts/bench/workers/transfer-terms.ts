import type { Address } from 'viem'

/** What the two ends of the transfers know of each other beforehand. */

export const WALLET: Address = `0x${'a1'.repeat(20)}`
export const PAYEE: Address = `0x${'b2'.repeat(20)}`
/** Base units per slice. */
export const PRICE = 1000n
/** The same exchange with the same checks, asked nothing for. */
export const UNPAID_PROTOCOL = '/sluice/bench/unpaid/1.0.0'

export const PEER_OPTIONS = {
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  bootstrap: [],
  privateNetwork: true,
  maxConnections: 50,
}
