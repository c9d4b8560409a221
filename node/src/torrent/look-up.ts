import type { Duplex } from 'node:stream'
import Client from 'bittorrent-tracker/client'

export type LookUp = {
  /** 40 digits in hex. */
  readonly infoHash: string
  readonly trackers: readonly string[]
  /** Peers that are known without asking, `host:port`. */
  readonly peers: readonly string[]
}

const LOOK_UP_MS = 10_000
/** Trackers answer over HTTP at once; a WebRTC peer has to be introduced first. */
const isWebRtc = (url: string): boolean => url.startsWith('ws')

/**
 * Peers of a swarm, as they are found: addresses, and WebRTC connections that stand. Ends when every tracker has answered,
 * after ten seconds, or when the signal aborts.
 */
export async function* lookUpPeers(
  { infoHash, trackers, peers }: LookUp,
  { peerId, port, signal }: { peerId: string; port: number; signal: AbortSignal },
): AsyncGenerator<string | Duplex, void, undefined> {
  yield* peers
  if (trackers.length === 0) return
  const found: (string | Duplex)[] = []
  let [open, change] = [trackers.length, Promise.withResolvers<void>()]
  const wake = (): void => change.resolve()
  const answered = (): void => {
    open -= 1
    wake()
  }
  const getAnnounceOpts = (): { left: number } => ({ left: 1 })
  const client = new Client({ infoHash, peerId, announce: trackers, port, getAnnounceOpts })
  client.on('peer', (peer) => {
    found.push(peer)
    wake()
  })
  client.on('update', answered).on('warning', answered).on('error', answered)
  const ending = AbortSignal.any([signal, AbortSignal.timeout(LOOK_UP_MS)])
  ending.addEventListener('abort', wake)
  client.start()
  try {
    while (!ending.aborted) {
      yield* found.splice(0)
      if (open <= 0 && !trackers.some(isWebRtc)) return
      await change.promise
      change = Promise.withResolvers()
    }
  } finally {
    ending.removeEventListener('abort', wake)
    client.destroy()
  }
}
