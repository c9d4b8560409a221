/**
 * A score that decays by half every day, though nothing is ever written but when something happens.
 *
 * What happens at time t with weight w adds `w * 2^(t / day)` to a sum: later things weigh more, instead of earlier ones less,
 * which leaves the order of any two sums at any time the same. The sum outgrows every integer, so it is kept as a floating-point
 * number whose bits sort as the number does: `score = exponent * 2^30 + fraction`, for a sum of
 * `(1 + fraction / 2^30) * 2^exponent`. All is integer arithmetic, rounded down; the same events in the same order give the same score.
 */

const DAY: i64 = 86_400
const FRACTION_BITS: i64 = 30
const ONE: i64 = 1 << 30
const TIME_BITS: i64 = 16

/** `2^(2^-i)` for i = 1..16, with 30 bits behind the point, rounded down: half a day, a quarter, ... */
const ROOTS: StaticArray<i64> = [
  1_518_500_249, 1_276_901_416, 1_170_923_761, 1_121_280_435, 1_097_253_708, 1_085_434_105, 1_079_572_135,
  1_076_653_033, 1_075_196_443, 1_074_468_887, 1_074_105_294, 1_073_923_543, 1_073_832_680, 1_073_787_251,
  1_073_764_537, 1_073_753_180,
]

/** `2^(time / day)` as a score. */
function scoreAt(time: i64): i64 {
  const days = time / DAY
  const rest = ((time % DAY) << TIME_BITS) / DAY
  let mantissa = ONE
  for (let i: i64 = 0; i < TIME_BITS; i++) {
    if ((rest >> (TIME_BITS - 1 - i)) & 1) mantissa = (mantissa * ROOTS[<i32>i]) >> FRACTION_BITS
  }
  return (days << FRACTION_BITS) + (mantissa - ONE)
}

/** The sum of two scores' numbers, as a score; zero stands for nothing. */
function add(left: i64, right: i64): i64 {
  if (left == 0) return right
  const high = left > right ? left : right
  const low = left > right ? right : left
  const exponent = high >> FRACTION_BITS
  const shift = exponent - (low >> FRACTION_BITS)
  if (shift > FRACTION_BITS) return high
  const sum = (ONE | (high & (ONE - 1))) + ((ONE | (low & (ONE - 1))) >> shift)
  if (sum < ONE << 1) return (exponent << FRACTION_BITS) + (sum - ONE)
  return ((exponent + 1) << FRACTION_BITS) + ((sum >> 1) - ONE)
}

/** A score after something of weight `2^doublings` happened at `time`, in unix seconds. */
export function raise(score: i64, time: i64, doublings: i64): i64 {
  return add(score, scoreAt(time) + (doublings << FRACTION_BITS))
}
