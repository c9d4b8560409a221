import { RunnerError } from '../../errors.ts'
import type { Heap, Pointer } from '../heap.ts'
import type { HostFunction, HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'

const UNSUPPORTED_DECIMALS = [
  'bigInt.dividedByDecimal',
  ...['plus', 'minus', 'times', 'dividedBy', 'equals', 'toString', 'fromString'].map((name) => `bigDecimal.${name}`),
]

/**
 * `bigInt.*`: graph-node, runtime/wasm/src/host_exports.rs. Division truncates, and the remainder has the dividend's sign,
 * as bigints of JavaScript have it. BigDecimal fails when it is used: every mapping imports some of it.
 */
export const NUMBER_FUNCTIONS: HostFunctions = {
  'bigInt.plus': binary((left, right) => left + right),
  'bigInt.minus': binary((left, right) => left - right),
  'bigInt.times': binary((left, right) => left * right),
  'bigInt.dividedBy': binary((left, right) => {
    if (right === 0n) throw new RunnerError('MAPPING_FAILED', `attempted to divide BigInt \`${left}\` by zero`)
    return left / right
  }),
  'bigInt.mod': binary((left, right) => {
    if (right !== 0n) return left % right
    throw new RunnerError(
      'MAPPING_FAILED',
      `attempted to calculate the remainder of \`${left}\` with a divisor of zero`,
    )
  }),
  'bigInt.bitOr': binary((left, right) => left | right),
  'bigInt.bitAnd': binary((left, right) => left & right),
  'bigInt.pow': withBits((value, exponent) => value ** exponent),
  'bigInt.leftShift': withBits((value, bits) => value << bits),
  'bigInt.rightShift': withBits((value, bits) => value >> bits),
  'bigInt.fromString': (heap, at = 0) => writeNumber(heap, parseNumber(readText(heap, at))),
  ...Object.fromEntries(UNSUPPORTED_DECIMALS.map((name) => [name, refuse(name)])),
}

/** A decimal number as Rust's `BigInt::from_str` takes it. */
export function parseNumber(text: string): bigint {
  if (!/^[+-]?\d+(_\d+)*$/.test(text)) throw new RunnerError('MAPPING_FAILED', `string is not a BigInt: \`${text}\``)
  const digits = BigInt(text.replace(/^[+-]/, '').replaceAll('_', ''))
  return text.startsWith('-') ? -digits : digits
}

export function readNumber(heap: Heap, at: Pointer): bigint {
  return heap.readSigned(at)
}

export function writeNumber(heap: Heap, value: bigint): Pointer {
  return heap.writeSigned(value)
}

function binary(compute: (left: bigint, right: bigint) => bigint): HostFunction {
  return (heap, left = 0, right = 0) => writeNumber(heap, compute(readNumber(heap, left), readNumber(heap, right)))
}

/** The second argument is a `u8`. */
function withBits(compute: (value: bigint, bits: bigint) => bigint): HostFunction {
  return (heap, value = 0, bits = 0) => writeNumber(heap, compute(readNumber(heap, value), BigInt(bits & 0xff)))
}

function refuse(name: string): HostFunction {
  return () => {
    throw new RunnerError('MAPPING_UNSUPPORTED', `A mapping called \`${name}\`; BigDecimal is not supported.`)
  }
}
