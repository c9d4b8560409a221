import type { PeerId } from '@libp2p/interface'
import { SluiceError } from '@sluice/sdk'
import { OFFER_PROTOCOL, offerContent } from '../protocols/offer/index.ts'
import type { StoredContent } from '../store/index.ts'
import type { DaemonParts } from './parts.ts'
import { createReplicaHolders } from './replica-holders.ts'
import type { ReplicaHolders } from './replica-holders.ts'
import { createRounds } from './rounds.ts'

/** Chain and network are asked before an offer is answered. */
const OFFER_MS = 12_000
const REFUSED_MS = 10 * 60_000
/** How often peers that are fetching a replica are asked how far it is. */
const PROMISED_MS = 5000
/** Peers offered a content in one round, at most. */
const MAX_OFFERS = 16

export type Replication = {
  /**
   * Asks for that many copies on other nodes. Throws CONTENT_UNKNOWN, BAD_INPUT for what was not uploaded here or is
   * above the limit.
   */
  set(root: string, replicas: number): StoredContent
  /** Other nodes that hold all of it, and showed it of some slices when they were asked last. */
  found(root: string): number
  stop(): Promise<void>
}

/** What looking after replicas takes of a node. */
export type ReplicationParts = Pick<DaemonParts, 'store' | 'host' | 'discovery' | 'log'> & {
  readonly config: Pick<DaemonParts['config'], 'replication'>
  readonly grants: Pick<DaemonParts['grants'], 'invite' | 'withdraw'>
}

type Context = {
  readonly parts: ReplicationParts
  readonly signal: AbortSignal
  readonly holders: ReplicaHolders
  /** Until when a peer that refused a root, or did not keep its word, is left alone; milliseconds. */
  readonly refusedUntil: Map<string, number>
  readonly refuse: (root: string, peerId: string) => void
}

/**
 * Sees to it that contents uploaded here have as many copies as their owner asked for: asks from time to time, and whenever
 * peers come or go, who holds all of them, and offers them to further seeders where some are missing.
 */
export function keepReplicas(parts: ReplicationParts): Replication {
  const { config, store, host, log } = parts
  const stopped = new AbortController()
  const refusedUntil = new Map<string, number>()
  const refuse = (root: string, peerId: string): void => {
    parts.grants.withdraw(root, peerId)
    refusedUntil.set(`${peerId} ${root}`, Date.now() + REFUSED_MS)
  }
  const holders = createReplicaHolders(parts, stopped.signal, (root, peerId) => {
    refuse(root, peerId)
    rounds.soon()
  })
  const context: Context = { parts, signal: stopped.signal, holders, refusedUntil, refuse }
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'could not look after replicas; trying again later')
  const rounds = createRounds(config.replication.checkSeconds * 1000, () => lookAfter(context), onError)
  const promises = createRounds(PROMISED_MS, () => countPromised(context), onError)
  host.addEventListener('peer:identify', rounds.soon)
  host.addEventListener('peer:disconnect', rounds.soon)
  return {
    set(root, replicas) {
      requireOwn(parts, root, replicas)
      const changed = store.setReplicas(root, replicas)
      rounds.soon()
      return changed
    },
    found: (root) => holders.found(root),
    async stop() {
      host.removeEventListener('peer:identify', rounds.soon)
      host.removeEventListener('peer:disconnect', rounds.soon)
      stopped.abort()
      await Promise.all([rounds.stop(), promises.stop()])
    },
  }
}

function requireOwn({ store, config }: ReplicationParts, root: string, replicas: number): void {
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

function wantedIn({ store }: ReplicationParts): StoredContent[] {
  return store.list().filter(({ origin, replicas, have, sliceCount }) => origin && replicas > 0 && have === sliceCount)
}

async function countPromised({ parts, holders, signal }: Context): Promise<void> {
  for (const content of wantedIn(parts)) if (!signal.aborted) await holders.countPromised(content)
}

async function lookAfter(context: Context): Promise<void> {
  const { parts, holders, signal } = context
  const wanted = wantedIn(parts)
  holders.keepOnly(new Set(wanted.map(({ root }) => root)))
  for (const content of wanted) {
    if (signal.aborted) return
    await holders.count(content)
    await offer(context, content)
  }
}

async function offer(context: Context, content: StoredContent): Promise<void> {
  const { parts, signal, holders, refuse } = context
  const { root, contentId, manifestCid, replicas } = content
  const isEnough = (): boolean => holders.expected(root) >= replicas
  if (isEnough()) return
  for (const peer of (await seedersBut(context, root)).slice(0, MAX_OFFERS)) {
    if (isEnough() || signal.aborted) return
    const peerId = peer.toString()
    parts.grants.invite(root, peerId)
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(OFFER_MS)])
    const taken = await offerContent(parts.host, peer, contentId ?? manifestCid, bounded).catch(() => false)
    if (taken) holders.promise(root, peerId)
    else refuse(root, peerId)
    parts.log.info({ root, peerId, taken }, 'offered a replica')
  }
  if (!isEnough()) parts.log.warn({ root, wanted: replicas, found: holders.found(root) }, 'too few replicas')
}

/** Connected peers, those first that are known to take offers, in random order, so that no one is always first. */
async function seedersBut({ parts, holders, refusedUntil }: Context, root: string): Promise<PeerId[]> {
  const { host } = parts
  for (const [key, until] of refusedUntil) if (until <= Date.now()) refusedUntil.delete(key)
  const found: { readonly peer: PeerId; readonly order: number }[] = []
  for (const peer of host.getPeers()) {
    const peerId = peer.toString()
    if (holders.isExpected(root, peerId) || refusedUntil.has(`${peerId} ${root}`)) continue
    const known = await host.peerStore.get(peer).catch(() => undefined)
    // One that began to take offers after it was identified is not known to do so, and asked last.
    const isKnown = known?.protocols.includes(OFFER_PROTOCOL) === true
    found.push({ peer, order: Math.random() + (isKnown ? 0 : 1) })
  }
  return found.sort((left, right) => left.order - right.order).map(({ peer }) => peer)
}
