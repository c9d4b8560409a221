import type { PeerId } from '@libp2p/interface'
import type { SocialPost } from '@sluice/sdk/social'
import type { Log } from '../log.ts'
import type { Host } from '../net/host.ts'
import { createRateLimiter } from '../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../net/request.ts'
import { createInbox } from './inbox.ts'
import type { InboxOptions } from './inbox.ts'
import { encodeMessage, MAX_MESSAGE_BYTES, MAX_MESSAGE_POSTS } from './message-codec.ts'
import { createOutbox } from './outbox.ts'
import type { Told } from './outbox.ts'

/** `/sluice/social/1.0.0`: 1 to 16 posts, each after its length (u16) → one byte, 1. */
const SOCIAL_PROTOCOL = '/sluice/social/1.0.0'

/** Peers told of each action: in a large network about one in 3,000 misses it. */
const FANOUT = 8
const SEND_TIMEOUT_MS = 5000
const MAX_SENDING = 32
const AT_ONCE = 16
/** What a peer is told that was not there, and how often. */
const BACKLOG = 128
const BACKLOGS_PER_MINUTE = 4 / 60

export type GossipOptions = Pick<InboxOptions, 'take' | 'log'> & {
  readonly host: Host
  /** What waits here, newest last. */
  readonly backlog: () => readonly SocialPost[]
}

/** Passes on among connected peers what each has found to be sayable itself. */
export async function createGossip({ host, take, backlog, log }: GossipOptions) {
  const stopped = new AbortController()
  const send = createSender(host, stopped.signal, log)
  const outbox = createOutbox(async (told) => {
    const peers = await pickPeers(host)
    await Promise.all(peers.map((peer) => send(peer, newTo(peer, told))))
  })
  const inbox = createInbox({ take, passOn: (post, from) => outbox.add({ post, from }), log })
  const backlogs = createRateLimiter(BACKLOGS_PER_MINUTE)

  async function catchUp(peer: PeerId): Promise<void> {
    if (!backlogs.take(peer.toString())) return
    const waiting = backlog().slice(-BACKLOG)
    for (let at = 0; at < waiting.length; at += MAX_MESSAGE_POSTS) {
      await send(peer, waiting.slice(at, at + MAX_MESSAGE_POSTS))
    }
  }

  const onIdentify = ({ detail }: CustomEvent<{ readonly peerId: PeerId; readonly protocols: string[] }>): void => {
    if (detail.protocols.includes(SOCIAL_PROTOCOL)) void catchUp(detail.peerId)
  }
  const limits = { maxRequestBytes: MAX_MESSAGE_BYTES, maxResponseBytes: 1, concurrency: AT_ONCE }
  await serveRequests(host, { protocol: SOCIAL_PROTOCOL, ...limits, log }, async (message, peer) => {
    await inbox.receive(message, peer.toString())
    return Uint8Array.of(1)
  })
  host.addEventListener('peer:identify', onIdentify)

  return {
    /** Tells some peers of what was posted here. */
    tell: (post: SocialPost): void => outbox.add({ post }),
    async stop(): Promise<void> {
      stopped.abort()
      outbox.stop()
      inbox.stop()
      host.removeEventListener('peer:identify', onIdentify)
      await host.unhandle(SOCIAL_PROTOCOL)
    },
  }
}

/** Sends a message of posts to a peer; what does not arrive is gone, as others have it too. */
function createSender(host: Host, stopped: AbortSignal, log: Log) {
  let sending = 0
  return async (peer: PeerId, posts: readonly SocialPost[]): Promise<void> => {
    if (posts.length === 0 || sending >= MAX_SENDING) return
    sending += 1
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(SEND_TIMEOUT_MS)])
    try {
      await askPeer(host, peer, encodeMessage(posts), { protocol: SOCIAL_PROTOCOL, maxResponseBytes: 1, signal })
    } catch (error) {
      log.debug({ err: error, peerId: peer.toString() }, 'could not pass on social actions')
    } finally {
      sending -= 1
    }
  }
}

function newTo(peer: PeerId, told: readonly Told[]): SocialPost[] {
  return told.filter(({ from }) => from !== peer.toString()).map(({ post }) => post)
}

/** Some of the connected peers that speak the protocol, at random: so that nobody can choose whom a node tells. */
async function pickPeers(host: Host): Promise<PeerId[]> {
  const known = await Promise.all(
    host.getPeers().map(async (peer) => {
      const found = await host.peerStore.get(peer).catch(() => undefined)
      return found?.protocols.includes(SOCIAL_PROTOCOL) === true ? { peer, order: Math.random() } : undefined
    }),
  )
  return known
    .filter((entry) => entry !== undefined)
    .sort((left, right) => left.order - right.order)
    .slice(0, FANOUT)
    .map(({ peer }) => peer)
}
