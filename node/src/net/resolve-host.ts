import { lookup as lookUp } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { isPrivate } from './private-addresses.ts'

/** Where a stranger's host name may lead. */
export type Reach = {
  /** Whether it may be an address of this machine or of a private network. */
  readonly privateNetwork: boolean
  readonly signal: AbortSignal
  /** The system's resolver unless it is given. */
  readonly lookup?: (host: string, options: { all: true }) => Promise<LookupAddress[]>
}

const MAX_ADDRESSES = 8

/**
 * Resolves a host once, and returns those of its addresses that may be asked: connect to these and to no name, which
 * may mean something else the next time. Throws where there are none.
 */
export async function resolveHost(host: string, { privateNetwork, signal, lookup = lookUp }: Reach) {
  const name = host.replace(/^\[|\]$/g, '')
  const family = isIP(name)
  const found = family === 0 ? await inTime(lookup(name, { all: true }), signal) : [{ address: name, family }]
  const usable = found.filter(({ address }) => privateNetwork || !isPrivate(address)).slice(0, MAX_ADDRESSES)
  if (usable.length === 0) throw new TypeError(`${host} has no address that may be asked`)
  return usable
}

/** The resolver cannot be told to stop; nobody waits for it any longer than the signal says. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const gaveUp = Promise.withResolvers<never>()
  const giveUp = (): void => gaveUp.reject(signal.reason)
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work, gaveUp.promise])
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
