import type { Duplex } from 'node:stream'
import Client from 'bittorrent-tracker/client'
import type { Log } from '../log.ts'

export type AnnouncementsOptions = {
  readonly trackers: readonly string[]
  /** This node in all swarms, 20 bytes in hex. */
  readonly peerId: string
  /** Where the node's BitTorrent listener is. */
  readonly port: number
  /** Bytes still missing of a torrent; undefined once it is no longer here. */
  readonly left: (infoHash: string) => number | undefined
  /** A WebRTC connection that a tracker brought about. */
  readonly onPeer: (connection: Duplex, infoHash: string) => void
  readonly log: Log
}

/** Swarms that are told to trackers at once, so that a node with thousands does not start with thousands of requests. */
const MAX_STARTING = 8
const ANSWER_MS = 10_000
const STOP_MS = 2000

/** Tells the trackers of what is here, as long as it is. */
export function createAnnouncements(options: AnnouncementsOptions) {
  const clients = new Map<string, Client>()
  const waiting: string[] = []
  let starting = 0
  let stopped = false

  function startNext(): void {
    const infoHash = starting < MAX_STARTING && !stopped ? waiting.shift() : undefined
    if (infoHash === undefined) return
    starting += 1
    const client = createClient(options, infoHash, () => forget(infoHash))
    clients.set(infoHash, client)
    void firstAnswer(client).then(() => {
      starting -= 1
      startNext()
    })
    client.start()
  }

  function forget(infoHash: string): void {
    const client = clients.get(infoHash)
    clients.delete(infoHash)
    client?.stop()
    client?.destroy()
  }

  return {
    add(infoHash: string): void {
      if (options.trackers.length === 0 || clients.has(infoHash) || waiting.includes(infoHash)) return
      waiting.push(infoHash)
      startNext()
    },
    /** Takes everything back, as far as the trackers answer in time. */
    async stop(): Promise<void> {
      stopped = true
      const leaving = [...clients.values()].map((client) => {
        client.stop()
        return new Promise<void>((resolve) => client.destroy(resolve))
      })
      clients.clear()
      await atMost(STOP_MS, Promise.all(leaving))
    },
  }
}

/** One swarm's announcements, made again as often as its trackers want; they end with the content. */
function createClient(options: AnnouncementsOptions, infoHash: string, forget: () => void): Client {
  const { trackers, peerId, port, left, onPeer, log } = options
  const getAnnounceOpts = (): { left: number; numwant: number } => ({ left: left(infoHash) ?? 0, numwant: 0 })
  const client = new Client({ infoHash, peerId, announce: trackers, port, getAnnounceOpts })
  client.on('error', (error) => log.warn({ err: error, infoHash }, 'a tracker failed'))
  client.on('warning', (error) => log.debug({ err: error, infoHash }, 'a tracker does not answer'))
  client.on('update', () => {
    if (left(infoHash) === undefined) forget()
  })
  client.on('peer', (peer) => {
    if (typeof peer !== 'string') onPeer(peer, infoHash)
  })
  return client
}

function firstAnswer(client: Client): Promise<unknown> {
  const { promise, resolve } = Promise.withResolvers<void>()
  client.once('update', () => resolve()).once('warning', () => resolve())
  return atMost(ANSWER_MS, promise)
}

async function atMost(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  await Promise.race([work, promise])
  clearTimeout(timer)
}
