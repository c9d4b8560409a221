import type { Log } from '../log.ts'
import type { SliceService } from '../protocols/slice/index.ts'

/** Often enough that little is at risk, seldom enough that amounts add up between two claims. */
const INTERVAL_MS = 10 * 60_000

/** Claims from time to time whatever is worth its gas by then. Returns how to stop it. */
export function claimEarnings(service: Pick<SliceService, 'claim'>, log: Log): () => void {
  const timer = setInterval(() => {
    service.claim(undefined, { force: false, close: false }).then(
      (claims) => {
        if (claims.length > 0) log.info({ channels: claims.length }, 'claimed what was worth its gas')
      },
      (error: unknown) => log.warn({ err: error }, 'could not claim; trying again later'),
    )
  }, INTERVAL_MS)
  timer.unref()
  return () => clearInterval(timer)
}
