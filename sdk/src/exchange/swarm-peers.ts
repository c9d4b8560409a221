import { UNKNOWN_RATE } from './pace.ts'

/** Whose connection a source is, where that is proven. A peer may be reached by more than one, and some may lead through others. */
export type PeerStanding = {
  readonly identity: string
  /** Whether using it opens no further channel. */
  readonly inUse: boolean
  /** Asked, and without an answer for so long that another way to the same peer is tried. */
  readonly silent: boolean
}

export type Identified = { readonly peer?: PeerStanding; readonly rate: number | undefined }

/**
 * Of several ways to one peer one is enough, another would only open a second channel: the one that answers, is in use, and is
 * the fastest. Asked of the ways that can serve one slice, so that none of them keeps another from what it refuses itself.
 */
export function onePerPeer<S extends Identified>(sources: readonly S[]): readonly S[] {
  const best = new Map<string, S>()
  for (const source of sources) {
    if (source.peer === undefined) continue
    const other = best.get(source.peer.identity)
    if (other === undefined || compareWays(source, other) < 0) best.set(source.peer.identity, source)
  }
  return sources.filter((source) => source.peer === undefined || best.get(source.peer.identity) === source)
}

/** Whether any peer is there more than once. */
export function hasTwins(sources: readonly Identified[]): boolean {
  const identities = sources.flatMap(({ peer }) => peer?.identity ?? [])
  return new Set(identities).size < identities.length
}

/** Whether one of `busy`, which answers, is another way to the same peer. */
export function isTwinOf({ peer }: Identified, busy: readonly Identified[]): boolean {
  return peer !== undefined && busy.some((other) => other.peer?.identity === peer.identity && !other.peer.silent)
}

function compareWays(a: Identified, b: Identified): number {
  const bySilence = Number(a.peer?.silent) - Number(b.peer?.silent)
  const byUse = Number(b.peer?.inUse) - Number(a.peer?.inUse)
  return bySilence || byUse || (b.rate ?? UNKNOWN_RATE) - (a.rate ?? UNKNOWN_RATE)
}
