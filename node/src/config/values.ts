import { isIP } from 'node:net'
import { multiaddr } from '@multiformats/multiaddr'
import { isAddress, isHex, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'

// What a setting may be: each of these returns the value that was meant, or undefined where none was.

export function asName(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,32}$/.test(value) ? value : undefined
}

export function asPassphrase(value: unknown): string | undefined {
  return typeof value === 'string' && value.length >= 8 && value.length <= 1024 ? value : undefined
}

export function asIp(value: unknown): string | undefined {
  return typeof value === 'string' && isIP(value) !== 0 ? value : undefined
}

export function asAddress(value: unknown): Address | undefined {
  return typeof value === 'string' && isAddress(value) ? value : undefined
}

/** Another token needs an exchange rate to judge what is worth its gas, and there is none yet. */
export function asNativeToken(value: unknown): Address | undefined {
  return value === zeroAddress ? zeroAddress : undefined
}

export function asPrivateKey(value: unknown): Hex | undefined {
  return isHex(value) && value.length === 66 ? value : undefined
}

export function asAmount(value: unknown): bigint | undefined {
  const text = typeof value === 'bigint' || typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string' || !/^\d{1,29}$/.test(text)) return undefined
  return BigInt(text) < 2n ** 96n ? BigInt(text) : undefined
}

export function asUrl(protocols: readonly string[]): (value: unknown) => string | undefined {
  return (value) =>
    typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol) ? value : undefined
}

export function asOrigin(value: string): string | undefined {
  return URL.canParse(value) && new URL(value).origin === value ? value : undefined
}

export function asMultiaddr(value: string): string | undefined {
  try {
    return multiaddr(value).toString()
  } catch {
    return undefined
  }
}
