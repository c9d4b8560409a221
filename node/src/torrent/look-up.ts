import { announce } from './announce.ts'

export type LookUp = {
  /** 40 digits in hex. */
  readonly infoHash: string
  readonly trackers: readonly string[]
  /** Peers that are known without asking, `host:port`. */
  readonly peers: readonly string[]
}

export type LookUpOptions = {
  readonly peerId: string
  readonly port: number
  /** Trackers of this node's own settings, which may be anywhere; those of a look-up are strangers' word. */
  readonly ownTrackers: readonly string[]
  readonly privateNetwork: boolean
  readonly signal: AbortSignal
}

const LOOK_UP_MS = 10_000
const MAX_TRACKERS = 20

/**
 * Addresses of a swarm's peers, as they are found. Ends when every tracker has answered, after ten seconds, or when the
 * signal aborts.
 */
export async function* lookUpPeers(
  { infoHash, trackers, peers }: LookUp,
  { peerId, port, ownTrackers, privateNetwork, signal }: LookUpOptions,
): AsyncGenerator<string, void, undefined> {
  yield* peers
  const left = new AbortController()
  const ending = AbortSignal.any([signal, left.signal, AbortSignal.timeout(LOOK_UP_MS)])
  const announcement = { infoHash, peerId, port, left: 1, numwant: 50, event: 'started' } as const
  const ask = async (tracker: string) => {
    const reach = { privateNetwork: privateNetwork || ownTrackers.includes(tracker), signal: ending }
    // One that does not answer as it should knows nobody.
    const { peers: found } = await announce(tracker, announcement, reach).catch(() => ({ peers: [] }))
    return { tracker, found }
  }
  const all = [...new Set([...ownTrackers, ...trackers])].slice(0, MAX_TRACKERS)
  const open = new Map(all.map((tracker) => [tracker, ask(tracker)]))
  try {
    while (open.size > 0 && !ending.aborted) {
      const { tracker, found } = await Promise.race(open.values())
      open.delete(tracker)
      yield* found
    }
  } finally {
    left.abort()
  }
}
