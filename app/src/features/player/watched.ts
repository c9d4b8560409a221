/** Seconds of a work, or this share of a shorter one, that make it seen. */
const ENOUGH_S = 30
const ENOUGH_SHARE = 0.5

/**
 * Whether a work was really played, by the parts of it that were: 30 seconds, or half of what is shorter. What was
 * skipped does not count, and what was played twice counts once.
 *
 * @param duration Seconds; not finite while it is unknown.
 */
export function isWatched(played: Pick<TimeRanges, 'length' | 'start' | 'end'>, duration: number): boolean {
  const seconds = Array.from({ length: played.length }, (_, index) => played.end(index) - played.start(index))
  const enough = Number.isFinite(duration) ? Math.min(ENOUGH_S, duration * ENOUGH_SHARE) : ENOUGH_S
  return seconds.length > 0 && seconds.reduce((sum, part) => sum + part, 0) >= enough
}
