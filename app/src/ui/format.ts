import { formatUnits } from 'viem'

const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const
const BYTE_STEP = 1024
const MAX_LEADING_ZEROS = 8

/** A size in bytes as people read it: `1.5 MiB`. */
export function formatBytes(bytes: number): string {
  const exponent = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / BYTE_STEP ** exponent
  return `${value >= 100 || exponent === 0 ? value.toFixed(0) : value.toFixed(1)} ${BYTE_UNITS[exponent] ?? 'B'}`
}

/** Bytes per second. */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`
}

/**
 * A token amount in its unit, cut (never rounded up) to `digits` significant decimals; what is too small to show is
 * `< 0.00000001`, so that something never looks like nothing.
 */
export function formatAmount(amount: bigint, decimals: number, symbol: string, digits = 4): string {
  const sign = amount < 0n ? '−' : ''
  const [whole = '0', fraction = ''] = formatUnits(amount < 0n ? -amount : amount, decimals).split('.')
  if (whole !== '0') return `${sign}${groupThousands(whole)}${trimFraction(fraction, digits)} ${symbol}`
  const leadingZeros = /^0*/u.exec(fraction)?.[0].length ?? 0
  if (leadingZeros > MAX_LEADING_ZEROS) return `${sign}< 0.00000001 ${symbol}`
  return `${sign}0${trimFraction(fraction, leadingZeros + digits)} ${symbol}`
}

/** The first digits of a fraction, its point included, without zeros at the end. */
function trimFraction(fraction: string, digits: number): string {
  const kept = fraction.slice(0, digits).replace(/0+$/u, '')
  return kept === '' ? '' : `.${kept}`
}

function groupThousands(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/gu, '\u202f')
}

/** A long hexadecimal or CID, its ends only. */
export function shorten(text: string, head = 6, tail = 4): string {
  return text.length <= head + tail + 1 ? text : `${text.slice(0, head)}…${text.slice(-tail)}`
}

/** An account by its handle, or by the ends of its address where it has none. */
export function formatAccount(address: string, handle: string | null | undefined): string {
  return handle === null || handle === undefined ? shorten(address) : `@${handle}`
}

/** A length of time in its largest fitting unit: `45 s`, `12 min`, `3 h`. */
export function formatSpan(seconds: number): string {
  if (seconds < 60) return `${String(Math.max(0, Math.floor(seconds)))} s`
  return seconds < 3600
    ? `${String(Math.floor(seconds / 60))} min`
    : `${groupThousands(String(Math.floor(seconds / 3600)))} h`
}

const AGES: readonly [limit: number, seconds: number, unit: string][] = [
  [3600, 60, 'min'],
  [86_400, 3600, 'h'],
  [30 * 86_400, 86_400, 'd'],
  [365 * 86_400, 30 * 86_400, 'mo'],
  [Number.POSITIVE_INFINITY, 365 * 86_400, 'y'],
]

/** How long ago a moment was, both in unix seconds: `5 min ago`. */
export function formatAge(then: number, now: number): string {
  const age = now - then
  if (age < 60) return 'just now'
  const [, seconds, unit] = AGES.find(([limit]) => age < limit) ?? [0, 60, 'min']
  return `${String(Math.floor(age / seconds))} ${unit} ago`
}

/** A number of things: `1 slice`, `12 slices`. */
export function formatCount(count: number | bigint, one: string, many = `${one}s`): string {
  return `${groupThousands(String(count))} ${BigInt(count) === 1n ? one : many}`
}

/** Cuts hostile text to at most `limit` characters, without splitting a surrogate pair. */
export function bound(text: string, limit: number): string {
  const characters = Array.from(text.slice(0, 2 * (limit + 1)))
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`
}
