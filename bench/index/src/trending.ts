/** As `subgraph/src/trending.ts` computes it. */

const DAY = 86_400
const FRACTION_BITS = 30n
const ONE = 1n << FRACTION_BITS
const TIME_BITS = 16
const ROOTS = [
  1_518_500_249n,
  1_276_901_416n,
  1_170_923_761n,
  1_121_280_435n,
  1_097_253_708n,
  1_085_434_105n,
  1_079_572_135n,
  1_076_653_033n,
  1_075_196_443n,
  1_074_468_887n,
  1_074_105_294n,
  1_073_923_543n,
  1_073_832_680n,
  1_073_787_251n,
  1_073_764_537n,
  1_073_753_180n,
] as const

/** All events of a block are of one time: what it comes to is kept for the next. */
let known = { time: -1, score: 0n }

function scoreAt(time: number): bigint {
  if (known.time === time) return known.score
  const rest = Math.floor(((time % DAY) * 2 ** TIME_BITS) / DAY)
  const mantissa = ROOTS.reduce(
    (product, root, bit) => ((rest >> (TIME_BITS - 1 - bit)) & 1 ? (product * root) >> FRACTION_BITS : product),
    ONE,
  )
  known = { time, score: (BigInt(Math.floor(time / DAY)) << FRACTION_BITS) + (mantissa - ONE) }
  return known.score
}

function add(left: bigint, right: bigint): bigint {
  if (left === 0n) return right
  const [high, low] = left > right ? [left, right] : [right, left]
  const exponent = high >> FRACTION_BITS
  const shift = exponent - (low >> FRACTION_BITS)
  if (shift > FRACTION_BITS) return high
  const sum = (ONE | (high & (ONE - 1n))) + ((ONE | (low & (ONE - 1n))) >> shift)
  if (sum < ONE << 1n) return (exponent << FRACTION_BITS) + (sum - ONE)
  return ((exponent + 1n) << FRACTION_BITS) + ((sum >> 1n) - ONE)
}

/** A score after something of weight `2^doublings` happened at `time`, in unix seconds. */
export function raise(score: number, time: number, doublings: bigint): number {
  return Number(add(BigInt(score), scoreAt(time) + (doublings << FRACTION_BITS)))
}
