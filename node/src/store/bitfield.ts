/** One bit per slice, slice `i` at bit `i % 8` (lowest first) of byte `i >> 3`: the order of the wire's `has`. */
export type Bitfield = Uint8Array

export function createBitfield(length: number): Bitfield {
  return new Uint8Array(Math.ceil(length / 8))
}

export function hasBit(bits: Bitfield, index: number): boolean {
  return (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
}

export function setBit(bits: Bitfield, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7))
}

export function clearBit(bits: Bitfield, index: number): void {
  bits[index >> 3] = (bits[index >> 3] ?? 0) & ~(1 << (index & 7))
}

export function countBits(bits: Bitfield): number {
  let count = 0
  for (let byte of bits) for (; byte !== 0; byte &= byte - 1) count += 1
  return count
}

/** A bitfield of exactly `length` bits, made of one that may be damaged: what it lacks is unset, what it has beyond is dropped. */
export function fitBits(bits: Bitfield, length: number): Bitfield {
  const fitted = createBitfield(length)
  fitted.set(bits.subarray(0, fitted.length))
  for (let index = length; index < fitted.length * 8; index += 1) clearBit(fitted, index)
  return fitted
}
