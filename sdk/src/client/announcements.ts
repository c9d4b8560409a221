import { isHex } from 'viem'
import { SluiceError } from '../errors.ts'
import type { KeeperInfo, Provider } from './network.ts'

const MAX_ENTRIES = 64
const MAX_ADDRESSES = 16
const MAX_TEXT = 512

/** Reads a list of providers as a stranger wrote it. Throws PROTOCOL_VIOLATION on any other shape. */
export function parseProviders(value: unknown): Provider[] {
  return list(value, 'providers').map(provider)
}

/** Reads a list of keepers; whether each holds its key is for the caller to verify. */
export function parseKeepers(value: unknown): KeeperInfo[] {
  return list(value, 'keepers').map((entry) => {
    const { publicKey, proof } = record(entry)
    if (!isHex(publicKey) || publicKey.length !== 66) throw refuse('a keeper without a public key of 32 bytes')
    if (!isHex(proof) || proof.length > 2 * MAX_TEXT) throw refuse('a keeper without a proof')
    return { ...provider(entry), publicKey, proof }
  })
}

function provider(value: unknown): Provider {
  const { peerId, multiaddrs, url } = record(value)
  const addresses = Array.isArray(multiaddrs) ? multiaddrs.slice(0, MAX_ADDRESSES).map((entry) => text(entry)) : []
  return { peerId: text(peerId), multiaddrs: addresses, ...(url === undefined ? {} : { url: httpUrl(text(url)) }) }
}

function httpUrl(value: string): string {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw refuse('an address that is not http')
  return url.href
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw refuse(`no list of ${what}`)
  return value.slice(0, MAX_ENTRIES)
}

function record(value: unknown): Record<string, unknown> & { [key in keyof KeeperInfo]?: unknown } {
  if (typeof value !== 'object' || value === null) throw refuse('an entry that is not an object')
  return value as Record<string, unknown>
}

function text(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > MAX_TEXT) throw refuse('a text out of bounds')
  return value
}

function refuse(what: string): SluiceError {
  return new SluiceError('PROTOCOL_VIOLATION', `The node sent ${what}.`)
}
