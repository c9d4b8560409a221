import { announce } from './announce.ts'

export type LookUp = {
  /** 40 digits in hex. */
  readonly infoHash: string
  readonly trackers: readonly string[]
  /** Peers that are known without asking, `host:port`. */
  readonly peers: readonly string[]
}

const LOOK_UP_MS = 10_000
const MAX_TRACKERS = 20

/** Addresses of a swarm's peers, as they are found. Ends when every tracker has answered, after ten seconds, or when the signal aborts. */
export async function* lookUpPeers(
  { infoHash, trackers, peers }: LookUp,
  { peerId, port, signal }: { peerId: string; port: number; signal: AbortSignal },
): AsyncGenerator<string, void, undefined> {
  yield* peers
  const left = new AbortController()
  const ending = AbortSignal.any([signal, left.signal, AbortSignal.timeout(LOOK_UP_MS)])
  const announcement = { infoHash, peerId, port, left: 1, numwant: 50, event: 'started' } as const
  const open = new Map(
    trackers.slice(0, MAX_TRACKERS).map((tracker) => {
      // One that does not answer as it should knows nobody.
      const answer = announce(tracker, announcement, ending).catch(() => ({ peers: [] }))
      return [tracker, answer.then((found) => ({ tracker, found: found.peers }))]
    }),
  )
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
