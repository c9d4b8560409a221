import { TO_THE_END } from '@sluice/sdk/chain'
import type { EditionTerms } from '@sluice/sdk/chain'

const DAY = 86_400

/** What a key opens and allows, in short phrases; `sliceCount` of the version, where it is known. */
export function describeTerms(terms: EditionTerms, sliceCount: number = TO_THE_END): string[] {
  const { firstSlice, lastSlice, duration, transferable, royaltyBps, laterVersions } = terms
  const whole = firstSlice === 0 && lastSlice >= sliceCount - 1
  return [
    whole
      ? 'Everything'
      : `Slices ${String(firstSlice)} to ${lastSlice === TO_THE_END ? 'the end' : String(lastSlice)}`,
    duration === 0 ? 'for good' : `for ${describeDuration(duration)}`,
    ...(laterVersions ? ['later versions too'] : []),
    transferable && duration === 0 ? `resellable, ${formatBps(royaltyBps)} royalty` : 'not transferable',
  ]
}

/** Basis points as a percentage: `2.5%`. */
export function formatBps(bps: number): string {
  return `${String(bps / 100)}%`
}

/** The last day of an offer, its end in unix seconds; what no calendar has never ends. */
export function describeEnd(expiry: bigint): string {
  const end = new Date(Number(expiry) * 1000)
  return Number.isNaN(end.getTime()) ? 'it is taken back' : end.toLocaleDateString(undefined, { dateStyle: 'medium' })
}

function describeDuration(seconds: number): string {
  if (seconds % DAY === 0) return seconds === DAY ? 'a day' : `${String(seconds / DAY)} days`
  return seconds % 3600 === 0 ? `${String(seconds / 3600)} h` : `${String(seconds)} s`
}
