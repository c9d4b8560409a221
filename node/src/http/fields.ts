import { SluiceError } from '@sluice/sdk'
import { isAddress, isHex } from 'viem'
import type { Address, Hex } from 'viem'

const MAX_TEXT = 2048

/** Readers of untrusted JSON fields and path parts; each throws BAD_INPUT naming the field. */
export function textField(value: unknown, name: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT) return value
  throw refuse(name, `a text of 1 to ${MAX_TEXT} characters`)
}

export function wordField(value: unknown, name: string): Hex {
  if (isHex(value) && value.length === 66) return value
  throw refuse(name, '32 bytes in hex')
}

export function addressField(value: unknown, name: string): Address {
  if (typeof value === 'string' && isAddress(value)) return value
  throw refuse(name, 'an address')
}

export function integerField(value: unknown, name: string, min: number, max: number): number {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number
  throw refuse(name, `a whole number from ${min} to ${max}`)
}

export function flagField(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  throw refuse(name, 'true or false')
}

export function amountField(value: unknown, name: string): string {
  if (typeof value === 'string' && /^\d{1,78}$/.test(value)) return value
  throw refuse(name, 'a decimal text of base units')
}

export function oneOfField<const T extends string>(value: unknown, name: string, words: readonly T[]): T {
  const word = words.find((candidate) => candidate === value)
  if (word !== undefined) return word
  throw refuse(name, words.join(' or '))
}

/** A field that may be left out: an object with it, or an empty one to spread. */
export function optionalField<K extends string, T>(
  body: Readonly<Record<string, unknown>>,
  name: K,
  read: (value: unknown, name: string) => T,
): { readonly [key in K]?: T } {
  const fields: { [key in K]?: T } = {}
  if (body[name] !== undefined && body[name] !== null) fields[name] = read(body[name], name)
  return fields
}

function refuse(name: string, allowed: string): SluiceError {
  return new SluiceError('BAD_INPUT', `${name} must be ${allowed}.`)
}
