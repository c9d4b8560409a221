const DELAY_GAIN = 1.5
/** One that is being verified, one whose request is being written. */
const IN_HAND = 2

/**
 * How many slices a source should have in flight, from what was measured of it: what arrives during its delay, and a
 * little more so that it never waits for the next request. Half the delay again lets a window that is too small grow to
 * what the path holds within a few round trips.
 */
export function windowFor({ rate, delayMs }: Pace, { least, most, headroomMs }: PaceLimits): number {
  const slices = Math.ceil((rate * (DELAY_GAIN * delayMs + headroomMs)) / 1000) + IN_HAND
  return Math.min(Math.max(slices, least), most)
}

/** What was measured of a source. */
export type Pace = {
  /** Slices per second. */
  readonly rate: number
  /** The least that a slice took from being asked for to being verified, milliseconds. */
  readonly delayMs: number
}

export type PaceLimits = {
  /** Slices in flight before anything was measured. */
  readonly initial: number
  readonly least: number
  /** Below what the protocol allows: cancelled slices may still be on their way. */
  readonly most: number
  /** What a held-up timer, disk or event loop on either side may take without the source falling idle; milliseconds. */
  readonly headroomMs: number
}
