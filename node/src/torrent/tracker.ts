import Server from 'bittorrent-tracker/server'
import { SluiceError } from '@sluice/sdk'
import type { Log } from '../log.ts'

/** Swarms that one tracker remembers; each takes up to a thousand peers. */
const MAX_SWARMS = 10_000
/** How often peers announce themselves again. */
const INTERVAL_MS = 5 * 60_000

export type Tracker = {
  /** Announce URL over HTTP, as this machine reaches it. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * A BitTorrent tracker over HTTP and WebSocket: it remembers who said to be in which swarm, for twenty minutes, and nothing
 * that lasts. Throws BAD_INPUT when the port is taken.
 */
export async function startTracker(host: string, port: number, log: Log): Promise<Tracker> {
  const server = new Server({
    udp: false,
    stats: false,
    interval: INTERVAL_MS,
    filter: (infoHash, _params, answer) => {
      const known = Object.hasOwn(server.torrents, infoHash) || Object.keys(server.torrents).length < MAX_SWARMS
      answer(known ? null : new Error('this tracker is full'))
    },
  })
  server.on('warning', (error: unknown) => log.debug({ err: error }, 'a tracker request was refused'))
  const listening = Promise.withResolvers<void>()
  server.on('error', (error: unknown) => listening.reject(error))
  server.listen(port, host, () => listening.resolve())
  await listening.promise.catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `The tracker cannot listen on ${host}:${port}.`, { cause })
  })
  const address = server.http.address()
  const bound = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/announce`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.http.closeAllConnections()
      }),
  }
}
