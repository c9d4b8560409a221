import type { Jobs } from '../jobs/types.ts'
import type { DaemonParts } from './parts.ts'

const CHECK_MS = 10 * 60_000
const DAY_SECONDS = 86_400
/** Slow enough that nobody who is served notices: a terabyte in nine hours. */
const BYTES_PER_SECOND = 32 * 1024 * 1024

/** Scrubs, one at a time, what was not compared for the configured number of days. Returns how to stop looking. */
export function scrubStore({ config, store, log }: DaemonParts, jobs: Pick<Jobs, 'startScrub' | 'get'>): () => void {
  const { scrubDays } = config.storage
  if (scrubDays === 0) return () => undefined
  let running: string | undefined

  async function scrubNext(): Promise<void> {
    if (running !== undefined && jobs.get(running)?.state === 'running') return
    const due = Date.now() / 1000 - scrubDays * DAY_SECONDS
    const [oldest] = store
      .list()
      .filter(({ scrubbedAt, have }) => scrubbedAt <= due && have > 0)
      .sort((left, right) => left.scrubbedAt - right.scrubbedAt)
    if (oldest === undefined) return
    running = await jobs.startScrub({ content: oldest.root }, { bytesPerSecond: BYTES_PER_SECOND })
  }

  const timer = setInterval(() => {
    scrubNext().catch((error: unknown) => log.warn({ err: error }, 'could not scrub; trying again later'))
  }, CHECK_MS).unref()
  return () => clearInterval(timer)
}
