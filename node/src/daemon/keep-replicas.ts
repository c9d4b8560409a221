import type { PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { SluiceError } from '@sluice/sdk'
import { parseCid } from '@sluice/sdk/content'
import { OFFER_PROTOCOL, offerContent } from '../protocols/offer/index.ts'
import type { StoredContent } from '../store/index.ts'
import type { DaemonParts } from './parts.ts'
import { createRounds } from './rounds.ts'

const ASK_MS = 5000
/** Chain and network are asked before an offer is answered. */
const OFFER_MS = 12_000
const REFUSED_MS = 10 * 60_000
/** Holders counted, and peers offered a content in one round, at most. */
const MAX_HOLDERS = 64
const MAX_OFFERS = 16

export type Replication = {
  /** Asks for that many copies on other nodes. Throws CONTENT_UNKNOWN, BAD_INPUT for what was not uploaded here or is above the limit. */
  set(root: string, replicas: number): StoredContent
  /** Other nodes that said they hold it when they were asked last. */
  found(root: string): number
  stop(): Promise<void>
}

type Context = {
  readonly parts: DaemonParts
  readonly signal: AbortSignal
  /** When each holder of a root said so last, and until when one that refused it is left alone; milliseconds. */
  readonly holders: Map<string, Map<string, number>>
  readonly refusedUntil: Map<string, number>
}

/**
 * Sees to it that contents uploaded here have as many copies as their owner asked for: asks from time to time, and whenever
 * peers come or go, who holds them, and offers them to further seeders where some are missing.
 */
export function keepReplicas(parts: DaemonParts): Replication {
  const { config, store, host, log } = parts
  const stopped = new AbortController()
  const context: Context = { parts, signal: stopped.signal, holders: new Map(), refusedUntil: new Map() }
  const rounds = createRounds(
    config.replication.checkSeconds * 1000,
    () => lookAfter(context),
    (error) => log.warn({ err: error }, 'could not look after replicas; trying again later'),
  )
  host.addEventListener('peer:identify', rounds.soon)
  host.addEventListener('peer:disconnect', rounds.soon)
  return {
    set(root, replicas) {
      requireOwn(parts, root, replicas)
      const changed = store.setReplicas(root, replicas)
      rounds.soon()
      return changed
    },
    found: (root) => context.holders.get(root)?.size ?? 0,
    async stop() {
      host.removeEventListener('peer:identify', rounds.soon)
      host.removeEventListener('peer:disconnect', rounds.soon)
      stopped.abort()
      await rounds.stop()
    },
  }
}

function requireOwn({ store, config }: DaemonParts, root: string, replicas: number): void {
  const { maxBytes } = config.replication
  const content = store.get(root)
  if (content === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
  if (!content.origin) {
    throw new SluiceError('BAD_INPUT', 'Only the node where a content was published sees to its replicas.')
  }
  if (replicas === 0 || content.byteLength <= maxBytes) return
  throw new SluiceError('BAD_INPUT', `It has ${content.byteLength} bytes; this node grants copies of ${maxBytes}.`, {
    hint: 'Raise replication.max_bytes.',
  })
}

async function lookAfter(context: Context): Promise<void> {
  const { parts, holders, signal } = context
  const wanted = parts.store
    .list()
    .filter(({ origin, replicas, have, sliceCount }) => origin && replicas > 0 && have === sliceCount)
  for (const root of holders.keys()) if (!wanted.some((content) => content.root === root)) holders.delete(root)
  for (const content of wanted) {
    if (signal.aborted) return
    const held = holders.get(content.root) ?? new Map<string, number>()
    holders.set(content.root, held)
    await count(context, content.root, held)
    await offer(context, content, held)
  }
}

/** Nobody is believed to hold it but who says so when asked; who does not answer is believed for the time of grace. */
async function count({ parts, signal }: Context, root: string, held: Map<string, number>): Promise<void> {
  const { discovery, config } = parts
  const cid = parseCid(root)
  const named = new Set(held.keys())
  for await (const { peerId } of discovery.findProviders(cid, { signal })) {
    if (named.size < MAX_HOLDERS) named.add(peerId)
  }
  const grace = config.replication.graceSeconds * 1000
  const ask = async (peerId: string): Promise<void> => {
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)])
    const answer = await discovery.asks(peerIdFromString(peerId), cid, bounded).catch(() => undefined)
    if (answer === true) held.set(peerId, Date.now())
    else if (answer === false || Date.now() - (held.get(peerId) ?? 0) >= grace) held.delete(peerId)
  }
  await Promise.all([...named].map(ask))
}

async function offer(context: Context, content: StoredContent, held: Map<string, number>): Promise<void> {
  const { parts, signal, refusedUntil } = context
  const { root, contentId, manifestCid, replicas } = content
  if (held.size >= replicas) return
  for (const peer of (await seedersBut(context, held, root)).slice(0, MAX_OFFERS)) {
    if (held.size >= replicas || signal.aborted) return
    const peerId = peer.toString()
    parts.grants.invite(root, peerId)
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(OFFER_MS)])
    const taken = await offerContent(parts.host, peer, contentId ?? manifestCid, bounded).catch(() => false)
    if (taken) held.set(peerId, Date.now())
    else {
      parts.grants.withdraw(root, peerId)
      refusedUntil.set(`${peerId} ${root}`, Date.now() + REFUSED_MS)
    }
    parts.log.info({ root, peerId, taken }, 'offered a replica')
  }
  if (held.size < replicas) parts.log.warn({ root, wanted: replicas, found: held.size }, 'too few replicas')
}

/** Connected peers, those first that are known to take offers, in random order, so that no one is always first. */
async function seedersBut(
  { parts, refusedUntil }: Context,
  held: ReadonlyMap<string, number>,
  root: string,
): Promise<PeerId[]> {
  const { host } = parts
  for (const [key, until] of refusedUntil) if (until <= Date.now()) refusedUntil.delete(key)
  const found: { readonly peer: PeerId; readonly order: number }[] = []
  for (const peer of host.getPeers()) {
    const peerId = peer.toString()
    if (held.has(peerId) || refusedUntil.has(`${peerId} ${root}`)) continue
    const known = await host.peerStore.get(peer).catch(() => undefined)
    // One that began to take offers after it was identified is not known to do so, and asked last.
    const isKnown = known?.protocols.includes(OFFER_PROTOCOL) === true
    found.push({ peer, order: Math.random() + (isKnown ? 0 : 1) })
  }
  return found.sort((left, right) => left.order - right.order).map(({ peer }) => peer)
}
