import type { IncomingMessage, Server as HttpServer } from 'node:http'
import Server from 'bittorrent-tracker/server'
import { SluiceError } from '@sluice/sdk'
import type { Log } from '../log.ts'
import { addressPrefix, createPlaces, createRateLimiter } from '../net/index.ts'

/** Swarms of others' contents that one tracker remembers, the ones told of last; and peers of each swarm. */
const MAX_OTHERS = 1000
const MAX_PEERS = 200
const MAX_CONNECTIONS = 256
const REQUESTS_PER_MINUTE = 1200
/** How often peers announce themselves again. */
const INTERVAL_MS = 5 * 60_000

export type TrackerOptions = {
  readonly host: string
  readonly port: number
  /** Whether a content is here: its swarm always has a place. */
  readonly isOwn: (infoHash: string) => boolean
  readonly maxOthers?: number
  /** Requests that one address prefix may make, and connections at once, of which it may have a part. */
  readonly requestsPerMinute?: number
  readonly maxConnections?: number
  readonly log: Log
}

export type Tracker = {
  /** Announce URL over HTTP, as this machine reaches it. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * A BitTorrent tracker over HTTP: it remembers who said to be in which swarm, for twenty minutes, and nothing that lasts. Throws
 * BAD_INPUT when the port is taken.
 */
export async function startTracker(options: TrackerOptions): Promise<Tracker> {
  const { host, port, isOwn, maxOthers, log } = options
  const makeRoom = createRoom(maxOthers ?? MAX_OTHERS, (infoHash) => Reflect.deleteProperty(server.torrents, infoHash))
  const server = new Server({
    udp: false,
    ws: false,
    stats: false,
    interval: INTERVAL_MS,
    peersCacheLength: MAX_PEERS,
    filter: (infoHash, _params, answer) => {
      if (!isOwn(infoHash)) makeRoom(infoHash)
      answer(null)
    },
  })
  guard(server.http, options)
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

/** Answers what the library cannot, and whoever asks too much; comes before its own listener, which leaves that alone. */
function guard(http: HttpServer, { requestsPerMinute, maxConnections }: TrackerOptions): void {
  const places = createPlaces(maxConnections ?? MAX_CONNECTIONS)
  const limiter = createRateLimiter(requestsPerMinute ?? REQUESTS_PER_MINUTE)
  http.on('connection', (socket) => {
    const leave = places.take(addressPrefix(socket.remoteAddress))
    if (leave === undefined) socket.destroy()
    else socket.once('close', leave)
  })
  http.on('request', (request, response) => {
    const isWithin = limiter.take(addressPrefix(request.socket.remoteAddress))
    if (isWithin && isSound(request)) return
    response.writeHead(isWithin ? 400 : 429, { connection: 'close' }).end()
  })
}

/** Gives places to names; when there are none left, the one that was not asked for the longest loses its own. */
function createRoom(most: number, onLost: (name: string) => void): (name: string) => void {
  const taken = new Set<string>()
  return (name) => {
    taken.delete(name)
    taken.add(name)
    const [oldest] = taken
    if (taken.size <= most || oldest === undefined) return
    taken.delete(oldest)
    onLost(oldest)
  }
}

/**
 * Whether the library can answer a request: it throws where nobody catches for a port that is not whole, and lists every swarm
 * where a scrape names none.
 */
function isSound({ method, url = '' }: IncomingMessage): boolean {
  const [path, query, ...rest] = url.split('?')
  if (method !== 'GET' || query === undefined || rest.length > 0) return false
  const values = (name: string): string[] => {
    const fields = query.split('&').filter((field) => field.startsWith(`${name}=`))
    return fields.map((field) => field.slice(name.length + 1))
  }
  // Percent signs in a name would be others' names to the library.
  if (query.split('&').some((field) => !/^\w+(=|$)/.test(field))) return false
  if (values('info_hash').length !== 1) return false
  return path === '/scrape' || (path === '/announce' && hasSoundNumbers(values))
}

function hasSoundNumbers(values: (name: string) => string[]): boolean {
  const [port, ...ports] = values('port')
  const [compact = '1', ...others] = values('compact')
  return ports.length + others.length === 0 && /^\d{1,5}$/.test(port ?? '') && /^[01]$/.test(compact)
}
