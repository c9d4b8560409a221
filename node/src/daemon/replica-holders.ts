import { peerIdFromString } from '@libp2p/peer-id'
import { parseCid } from '@sluice/sdk/content'
import type { StoredContent } from '../store/index.ts'
import type { ReplicationParts } from './keep-replicas.ts'

const ASK_MS = 5000
/** How long a peer that has taken an offer may take to fetch it before another one is asked. */
const PROMISED_MS = 3_600_000
/** Holders counted at most. */
const MAX_HOLDERS = 64

type Standing = 'whole' | 'part' | 'nothing' | 'liar'

/** When each peer was heard last, and until when a promise is waited for; milliseconds. */
type Known = { readonly held: Map<string, number>; readonly promised: Map<string, { heardAt: number; until: number }> }

export type ReplicaHolders = ReturnType<typeof createReplicaHolders>

/**
 * Who holds replicas: nobody is believed to but who says to hold all of it, and shows it of slices drawn at random; who
 * does not answer is believed for the time of grace. `onBroken` is told of peers that do not hold what they promised.
 */
export function createReplicaHolders(
  parts: ReplicationParts,
  stopped: AbortSignal,
  onBroken: (root: string, peerId: string) => void,
) {
  const { discovery } = parts
  const { find, demand, keepOnly } = createPeers()
  const standingOf = createAsk(parts, stopped)
  const isSilent = (heardAt = 0): boolean => Date.now() - heardAt >= parts.config.replication.graceSeconds * 1000

  async function ask(content: StoredContent, peerId: string): Promise<void> {
    const entry = demand(content.root)
    const standing = await standingOf(content, peerId).catch(() => undefined)
    if (standing === 'whole') entry.held.set(peerId, Date.now())
    else if (standing !== undefined || isSilent(entry.held.get(peerId))) entry.held.delete(peerId)
    checkPromise(content.root, peerId, standing)
  }

  function checkPromise(root: string, peerId: string, standing: Standing | undefined): void {
    const { promised } = demand(root)
    const promise = promised.get(peerId)
    if (promise === undefined) return
    if (standing === 'part') promise.heardAt = Date.now()
    const isWaitedFor = standing === 'part' || (standing === undefined && !isSilent(promise.heardAt))
    if (isWaitedFor && Date.now() < promise.until) return
    promised.delete(peerId)
    if (standing !== 'whole') onBroken(root, peerId)
  }

  return {
    /** Peers that hold all of it. */
    found: (root: string): number => find(root)?.held.size ?? 0,
    /** Those, and peers that are fetching it. */
    expected: (root: string): number => (find(root)?.held.size ?? 0) + (find(root)?.promised.size ?? 0),
    isExpected: (root: string, peerId: string): boolean =>
      [find(root)?.held, find(root)?.promised].some((peers) => peers?.has(peerId)),
    /** A peer has taken the offer. */
    promise(root: string, peerId: string): void {
      const now = Date.now()
      demand(root).promised.set(peerId, { heardAt: now, until: now + PROMISED_MS })
    },
    /** Asks everyone who is said to hold it. */
    async count(content: StoredContent): Promise<void> {
      const { held, promised } = demand(content.root)
      const named = new Set([...held.keys(), ...promised.keys()])
      for await (const { peerId } of discovery.findProviders(parseCid(content.root), { signal: stopped })) {
        if (named.size < MAX_HOLDERS) named.add(peerId)
      }
      await Promise.all([...named].map((peerId) => ask(content, peerId)))
    },
    /** Asks those who are fetching it. */
    async countPromised(content: StoredContent): Promise<void> {
      const promised = find(content.root)?.promised.keys() ?? []
      await Promise.all([...promised].map((peerId) => ask(content, peerId)))
    },
    keepOnly,
  }
}

/** What a peer says it holds, and whether it shows that. Throws where it does not answer within five seconds. */
function createAsk({ discovery, log }: ReplicationParts, stopped: AbortSignal) {
  return async (content: StoredContent, peerId: string): Promise<Standing> => {
    const peer = peerIdFromString(peerId)
    const signal = AbortSignal.any([stopped, AbortSignal.timeout(ASK_MS)])
    const held = await discovery.asks(peer, parseCid(content.root), signal)
    if (held !== 'whole' || (await discovery.samples(peer, content, signal))) return held
    log.warn({ root: content.root, peerId }, 'a peer does not hold the replica that it says it has')
    return 'liar'
  }
}

function createPeers() {
  const known = new Map<string, Known>()
  return {
    find: (root: string): Known | undefined => known.get(root),
    demand(root: string): Known {
      const entry = known.get(root) ?? { held: new Map(), promised: new Map() }
      known.set(root, entry)
      return entry
    },
    /** Forgets all roots but these. */
    keepOnly(roots: ReadonlySet<string>): void {
      for (const root of known.keys()) if (!roots.has(root)) known.delete(root)
    },
  }
}
