import { createHelloTurns } from './hello-turns.ts'
import type { Connection, Network, Provider, Way } from './network.ts'
import type { Standing } from './penalty-book.ts'
import { raceAttempts } from './race-attempts.ts'

/** A way, and how many seconds later the slices that come by it count as coming. */
export type RankedWay = Omit<Way, 'via'> & { readonly via?: Way['via']; readonly handicap: number }

/**
 * Seconds by which a way must have done worse than the next, slower one to come after it: a way that could not be
 * reached once is the second one for about two hours, or until the other has failed as often.
 */
const TOLERANCE = 0.2
/** How long the best way is alone. A connection over TLS, and what is said first, take some round trips. */
const HEAD_START_MS = 500

/** The ways to a provider, the fastest first. */
export function waysOf(network: Pick<Network, 'waysTo' | 'connect' | 'nameOf'>, provider: Provider) {
  const only = (): Omit<Way, 'via'> => ({
    name: network.nameOf?.(provider) ?? provider.peerId,
    provesPeers: network.nameOf === undefined,
    connect: (options) => network.connect(provider, options),
  })
  return network.waysTo?.(provider) ?? [only()]
}

/**
 * Those that may be used, by what the book says of them, the best first; where there are none, until when. Who has
 * proven to be the peer and served a wrong slice is not asked by any way; who is only at an address that it names, not
 * by that one.
 */
export function rankWays(
  ways: readonly Omit<RankedWay, 'handicap'>[],
  standingOf: (name: string) => Standing,
): { readonly usable: readonly RankedWay[]; readonly refusedUntil?: number } {
  const judged = ways.map((way) => ({ ...way, ...standingOf(way.name) }))
  const refused = judged.filter(({ refusedUntil }) => refusedUntil !== undefined)
  const liar =
    refused.find(({ provesPeers }) => provesPeers) ?? (refused.length === ways.length ? refused[0] : undefined)
  if (liar?.refusedUntil !== undefined) return { usable: [], refusedUntil: liar.refusedUntil }
  const cost = (way: (typeof judged)[number]): number => way.handicap + TOLERANCE * judged.indexOf(way)
  return { usable: judged.filter((way) => !refused.includes(way)).sort((one, other) => cost(one) - cost(other)) }
}

export declare namespace reachBy {
  type Options<T> = {
    readonly signal: AbortSignal
    /** Only ways whose transport proves the peers, where there are any. */
    readonly provenOnly: boolean
    /** Told of each way that failed, also of the one whose error is thrown. */
    readonly onFailure: (way: RankedWay, error: unknown) => void
    /** Leaves a peer that answered when another way had already. */
    readonly discard: (source: T) => void
  }

  type Greeting = {
    /** Ends the connection, also later. */
    readonly signal: AbortSignal
    /** To be awaited between the peer's first word and the Hello. */
    readonly mayGreet: () => Promise<void>
  }

  type Speak<T> = (connection: Connection, way: RankedWay, greeting: Greeting) => Promise<T>
}

/**
 * Connects and `speak`s by the first way, and by each next one when the one before has failed or has had half a second;
 * takes the first answer, and leaves the others. Ways that run together say Hello in turns.
 * @throws what the last way fails with; NODE_UNREACHABLE without one; ABORTED
 */
export async function reachBy<T>(
  ways: readonly RankedWay[],
  speak: reachBy.Speak<T>,
  { signal, provenOnly, onFailure, discard }: reachBy.Options<T>,
): Promise<{ readonly source: T; readonly way: RankedWay }> {
  const proven = provenOnly ? ways.filter(({ provesPeers }) => provesPeers) : []
  const usable = proven.length > 0 ? proven : ways
  const turnOf = createHelloTurns()
  let reason: unknown

  const attempts = usable.map((way) => async (given: AbortSignal) => {
    const failed = Promise.withResolvers<void>()
    const mayGreet = (): Promise<void> => turnOf(failed.promise, given)
    try {
      return { source: await speak(await way.connect({ signal: given }), way, { signal: given, mayGreet }), way }
    } catch (error) {
      failed.resolve()
      if (!given.aborted) onFailure(way, error)
      reason = error
      throw error
    }
  })
  const race = { signal, headStartMs: HEAD_START_MS, discard: (late: { source: T }) => discard(late.source) }
  return raceAttempts(attempts, race).catch((error: unknown) => {
    throw reason ?? error
  })
}
