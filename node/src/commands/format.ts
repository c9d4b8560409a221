import { formatEther, formatUnits, isAddress, isAddressEqual, isHex, parseUnits, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '@sluice/sdk'

/** Decimals of the chain's native coin; other tokens are asked on chain. */
const NATIVE_DECIMALS = 18

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** `1536` → `1.5 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < BYTE_UNITS.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${BYTE_UNITS[unit] ?? ''}`
}

/** Base units as a decimal number with the coin's name. */
export function formatAmount(amount: bigint, decimals = NATIVE_DECIMALS, symbol = 'ETH'): string {
  return `${decimals === NATIVE_DECIMALS ? formatEther(amount) : formatUnits(amount, decimals)} ${symbol}`
}

/**
 * An amount of any token: of the chain's coin in its unit, of others in base units, since what they say of themselves
 * is not asked.
 */
export function formatTokenAmount(amount: bigint, token: Address): string {
  return isAddressEqual(token, zeroAddress) ? formatAmount(amount) : `${amount} base units of ${token}`
}

/** A decimal amount as typed (`0.05`), in base units. Throws BAD_INPUT on anything else. */
export function parseAmount(text: string, name: string, decimals = NATIVE_DECIMALS): bigint {
  if (!/^\d{1,30}(\.\d{1,18})?$/.test(text)) {
    throw new SluiceError('BAD_INPUT', `${name} must be a decimal amount such as 0.05, not "${text.slice(0, 40)}".`)
  }
  return parseUnits(text, decimals)
}

/**
 * An amount of any token as typed, in base units, as {@link formatTokenAmount} writes it: of the chain's coin a decimal
 * number, of others the base units themselves. Throws BAD_INPUT on anything else.
 */
export function parseTokenAmount(text: string, name: string, token: Address): bigint {
  if (isAddressEqual(token, zeroAddress)) return parseAmount(text, name)
  if (/^\d{1,78}$/.test(text)) return BigInt(text)
  throw new SluiceError('BAD_INPUT', `${name} must be a whole number of base units of ${token}.`, {
    hint: 'What a token says of its decimals is not asked. sluice offers writes its prices in base units.',
  })
}

/** A whole number from `minimum` to `maximum`. Throws BAD_INPUT on anything else. */
export function parseInteger(text: string, name: string, minimum: number, maximum: number): number {
  const value = Number(text)
  if (!/^\d{1,16}$/.test(text) || value < minimum || value > maximum) {
    throw new SluiceError('BAD_INPUT', `${name} must be a whole number from ${minimum} to ${maximum}.`)
  }
  return value
}

/** Whether a text is a content id rather than a CID. */
export function isContentId(text: string): text is Hex {
  return isHex(text) && text.length === 66
}

/** A content id as typed. Throws BAD_INPUT on anything else. */
export function parseContentId(text: string): Hex {
  if (isContentId(text)) return text
  throw new SluiceError('BAD_INPUT', `"${text.slice(0, 80)}" is not a content id (32 bytes in hex).`)
}

/** A time in unix seconds as a date with its hour, in UTC; what no calendar has is `never`. */
export function formatTime(seconds: bigint): string {
  const date = new Date(Number(seconds) * 1000)
  return Number.isNaN(date.getTime()) ? 'never' : date.toISOString()
}

/** An address as typed. Throws BAD_INPUT on anything else. */
export function parseAddress(text: string, name: string): Address {
  if (!isAddress(text)) throw new SluiceError('BAD_INPUT', `${name} must be an address of 20 bytes in hex (0x…).`)
  return text
}

/** A non-negative whole number of any size, decimal or hex. Throws BAD_INPUT on anything else. */
export function parseBigInt(text: string, name: string): bigint {
  if (!/^(\d{1,78}|0x[\da-fA-F]{1,64})$/.test(text))
    throw new SluiceError('BAD_INPUT', `${name} must be a whole number.`)
  return BigInt(text)
}
