import type { Log } from '../log.ts'
import { announce } from './announce.ts'

export type AnnouncementsOptions = {
  /** Those of this node's own settings: they may be anywhere. */
  readonly trackers: readonly string[]
  /** This node in all swarms, 20 bytes in hex. */
  readonly peerId: string
  /** Where the node's BitTorrent listener is. */
  readonly port: number
  /** Bytes still missing of a torrent; undefined once it is no longer here. */
  readonly left: (infoHash: string) => number | undefined
  readonly log: Log
}

/** Swarms that trackers are told of at once, so that a node with thousands does not send thousands of requests. */
const MAX_TELLING = 8
const ANSWER_MS = 10_000
const STOP_MS = 2000
/** Seconds between two announcements of a swarm, whatever its trackers want. */
const INTERVAL = { least: 60, usual: 1800, most: 86_400 }

/** Tells the trackers of what is here, as long as it is, as often as they want. */
export function createAnnouncements(options: AnnouncementsOptions) {
  const { trackers, left } = options
  /** What trackers know of, and when they are told again. */
  const told = new Map<string, NodeJS.Timeout | undefined>()
  const waiting: string[] = []
  const ending = new AbortController()
  let telling = 0

  function tellNext(): void {
    const infoHash = telling < MAX_TELLING && !ending.signal.aborted ? waiting.shift() : undefined
    if (infoHash === undefined) return
    telling += 1
    void tellAgain(infoHash).finally(() => {
      telling -= 1
      tellNext()
    })
  }

  async function tellAgain(infoHash: string): Promise<void> {
    const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(ANSWER_MS)])
    const missing = left(infoHash)
    if (missing === undefined) {
      if (told.delete(infoHash)) await tell(options, infoHash, { left: 0, event: 'stopped' }, signal)
      return
    }
    const event = told.has(infoHash) ? {} : ({ event: 'started' } as const)
    told.set(infoHash, undefined)
    const interval = await tell(options, infoHash, { left: missing, ...event }, signal)
    if (ending.signal.aborted) return
    const timer = setTimeout(() => {
      waiting.push(infoHash)
      tellNext()
    }, interval * 1000)
    told.set(infoHash, timer.unref())
  }

  return {
    add(infoHash: string): void {
      if (trackers.length === 0 || told.has(infoHash) || waiting.includes(infoHash)) return
      waiting.push(infoHash)
      tellNext()
    },
    /** Takes everything back, as far as the trackers answer in time. */
    async stop(): Promise<void> {
      ending.abort()
      told.forEach((timer) => clearTimeout(timer))
      const signal = AbortSignal.timeout(STOP_MS)
      const leaving = [...told.keys()].map((infoHash) => {
        return tell(options, infoHash, { left: left(infoHash) ?? 0, event: 'stopped' }, signal)
      })
      told.clear()
      await Promise.all(leaving)
    },
  }
}

/** Tells every tracker, and returns after how many seconds it wants to hear of the swarm again. Never throws. */
async function tell(
  { trackers, peerId, port, log }: AnnouncementsOptions,
  infoHash: string,
  what: { left: number; event?: 'started' | 'stopped' },
  signal: AbortSignal,
): Promise<number> {
  const reach = { privateNetwork: true, signal }
  const intervals = trackers.map(async (tracker) => {
    try {
      const { interval } = await announce(tracker, { infoHash, peerId, port, numwant: 0, ...what }, reach)
      return interval ?? INTERVAL.usual
    } catch (error) {
      log.debug({ err: error, infoHash }, 'a tracker does not answer')
      return INTERVAL.usual
    }
  })
  return nextInterval(await Promise.all(intervals))
}

/** Seconds until the next announcement: as the most impatient tracker wants, within bounds. */
export function nextInterval(wanted: readonly number[]): number {
  return Math.min(INTERVAL.most, Math.max(INTERVAL.least, Math.min(...wanted)))
}
