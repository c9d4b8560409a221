import { createBudget } from '../channel/index.ts'
import type { Budget } from '../channel/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import { connectSource, createSwarm } from '../exchange/index.ts'
import type { Payer, SliceSource, SourceReport, Swarm } from '../exchange/index.ts'
import type { SignedGrant } from '../wire/index.ts'
import { sessionDomain } from './context.ts'
import type { Reader } from './context.ts'
import { connectHttpSource } from './http-source.ts'
import type { Provider } from './network.ts'
import type { Standing } from './penalty-book.ts'
import { planSource } from './plan-source.ts'
import type { SourceKind } from './plan-source.ts'
import { raceAttempts } from './race-attempts.ts'
import type { Attempt } from './race-attempts.ts'
import { createVerifiers } from './create-verifiers.ts'
import { rankWays, reachBy, waysOf } from './reach-by.ts'
import type { RankedWay } from './reach-by.ts'
import { publicSlicesOf } from './resolve-content.ts'
import type { ResolvedContent } from './resolve-content.ts'

/** Sources connected at once, and look-ups in a row that may find nobody new before the search ends. */
const MAX_SOURCES = 16
const UNLIMITED = 2n ** 255n
/** What RFC 8305 recommends between attempts. */
const HEAD_START_MS = 250

/** A content's sources, behind one; leaves them all when closed. */
export type ContentSwarm = Pick<Swarm, 'fetchSlice' | 'slices' | 'stats'> & {
  /** Resolves once the look-up has ended and every provider has answered. Rejects never. */
  readonly searched: Promise<void>
  close(): Promise<void>
}

export declare namespace joinSwarm {
  type Options = {
    readonly mode: 'stream' | 'download'
    readonly signal: AbortSignal
    /** Who pays; without one only public slices and those of a grant are had. */
    readonly payer?: Payer
    /** Names this end; the peer id of a node, nothing in a page. */
    readonly clientId?: `0x${string}`
    /** Asks a provider for a free copy before saying Hello. */
    readonly grantFrom?: (provider: Provider, signal: AbortSignal) => Promise<SignedGrant | undefined>
    /** Most to pay for one slice, and in all; base units of the native coin. */
    readonly maxPrice?: bigint
    readonly budget?: bigint
    /** Slices that are here already. */
    readonly have?: (index: number) => boolean
    /** Slices still to come, for the size of channels; all of them when left out. */
    readonly remaining?: number
    readonly window?: number
    /** Told of every source that could not be used, or no longer; the reader's book of penalties is, too. */
    readonly onReport?: (report: SourceReport) => void
  }
}

/**
 * Looks for everyone who holds a content and draws from all of them at once. Slices are verified by CID before they are
 * paid or handed on. Returns at once: whoever fetches waits for the first source.
 */
export function joinSwarm(reader: Reader, content: ResolvedContent, options: joinSwarm.Options): ContentSwarm {
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  const { mode, have, window } = options
  const blame = createBlame(reader, options)
  const budget = createBudget(options.budget ?? UNLIMITED)
  const swarm = createSwarm({
    mode,
    budget,
    sliceCount: options.remaining ?? content.sliceCount,
    ...(have === undefined ? {} : { have }),
    ...(window === undefined ? {} : { window }),
    onReport: blame.report,
  })
  const searched = search(swarm, reader, content, { ...options, signal, blame, purse: budget })
  return {
    fetchSlice: (index, fetchOptions) => swarm.fetchSlice(index, fetchOptions),
    slices: (range) => swarm.slices(range),
    stats: () => swarm.stats(),
    searched,
    async close() {
      await swarm.close()
      stop.abort(new SluiceError('ABORTED', 'The content is no longer fetched.'))
      await searched
    },
  }
}

type SearchOptions = joinSwarm.Options & {
  readonly blame: Blame
  /** What all sources share of what may be spent. */
  readonly purse: Budget
}

async function search(swarm: Swarm, reader: Reader, content: ResolvedContent, options: SearchOptions): Promise<void> {
  const { blame, signal } = options
  const connecting: Promise<void>[] = []
  const connect = createConnector(reader, content, options)
  try {
    for await (const provider of reader.network.findProviders(content.root, options)) {
      const ways = blame.usable(reader, provider)
      if (ways.length === 0) continue
      const joined = connect(provider, ways).then(
        ({ source, way }) => swarm.add(source, way),
        // Every way that failed was told of when it did.
        () => undefined,
      )
      if (connecting.push(joined) === MAX_SOURCES) break
    }
  } catch (error) {
    if (!signal.aborted) options.onReport?.({ peerId: 'look-up', error: unreachable(error) })
  }
  await Promise.all(connecting)
  swarm.complete()
}

type Blame = ReturnType<typeof createBlame>

/** Notes what sources do, and knows what they did for other contents. */
function createBlame({ penalties }: Reader, { onReport }: joinSwarm.Options) {
  const report = (said: SourceReport): void => {
    penalties?.record(said.name ?? said.peerId, said.error.code)
    onReport?.(said)
  }
  return {
    report,
    /** Tells of a way that failed, unless it was given up. */
    failed: ({ peerId }: Provider, name: string, error: unknown, signal: AbortSignal): void => {
      if (!signal.aborted) report({ peerId, name, error: unreachable(error) })
    },
    /** The ways to a provider that may be used, the best first; one that has none is reported. */
    usable: ({ network }: Reader, provider: Provider): readonly RankedWay[] => {
      const standingOf = (name: string): Standing => penalties?.standing(name) ?? { handicap: 0 }
      const { usable, refusedUntil } = rankWays(waysOf(network, provider), standingOf)
      if (refusedUntil === undefined) return usable
      const until = new Date(refusedUntil).toISOString()
      const error = new SluiceError('SLICE_CORRUPT', `It served a wrong slice before, and is not asked until ${until}.`)
      onReport?.({ peerId: provider.peerId, error })
      return []
    },
  }
}

type Joined = { readonly source: SliceSource; readonly way: Pick<RankedWay, 'name' | 'handicap' | 'via'> }

/** Reaches providers, each by the way that connects first of those that give what is wanted. */
function createConnector(reader: Reader, content: ResolvedContent, options: SearchOptions) {
  const { network } = reader
  const { blame } = options
  const verifierOf = createVerifiers(reader, content, options.signal)
  const overExchange = createExchangeConnector(reader, content, { ...options, verifierOf })
  const entitled = options.payer !== undefined || options.grantFrom !== undefined
  const discard = ({ source }: Joined): void => void source.close()

  return async (provider: Provider, ways: readonly RankedWay[]): Promise<Joined> => {
    const { order, race } = planSource({ network, provider, content, entitled })
    const [{ name, handicap } = { name: provider.peerId, handicap: 0 }] = ways
    const kinds: Record<SourceKind, Attempt<Joined>> = {
      exchange: (signal) => overExchange(provider, ways, signal),
      http: async (signal) => {
        try {
          const source = await connectHttpSource(provider, { ...content, network, verify: verifierOf(), signal })
          return { source, way: { name, handicap } }
        } catch (error) {
          blame.failed(provider, name, error, signal)
          throw error
        }
      },
    }
    const { signal } = options
    const attempts = order.map((kind) => kinds[kind])
    if (race) return raceAttempts(attempts, { signal, headStartMs: HEAD_START_MS, discard })
    const [first = kinds.exchange, second] = attempts
    return first(signal).catch((error: unknown) => {
      if (second === undefined || signal.aborted || !isUnreachable(error)) throw error
      return second(signal)
    })
  }
}

function createExchangeConnector(
  reader: Reader,
  content: ResolvedContent,
  options: SearchOptions & { readonly verifierOf: ReturnType<typeof createVerifiers> },
) {
  const { verifierOf, payer, clientId, blame } = options
  const { purse: budget, maxPrice = UNLIMITED, remaining = content.sliceCount } = options
  return async (provider: Provider, ways: readonly RankedWay[], signal: AbortSignal): Promise<Joined> => {
    const grant = await options.grantFrom?.(provider, signal).catch(() => undefined)
    const speak: reachBy.Speak<SliceSource> = ({ peerId, channel }, { hash }, greeting) =>
      connectSource(channel, {
        ...greeting,
        peerId,
        root: content.root,
        sliceCount: content.sliceCount,
        publicSlices: publicSlicesOf(content),
        domain: sessionDomain(reader),
        verify: verifierOf(hash),
        budget,
        maxPrice,
        expectedSlices: remaining,
        ...(payer === undefined ? {} : { payer }),
        ...(clientId === undefined ? {} : { clientId }),
        ...(grant === undefined ? {} : { grant }),
      })
    return reachBy(ways, speak, {
      signal,
      provenOnly: grant !== undefined,
      onFailure: ({ name }, error) => blame.failed(provider, name, error, signal),
      discard: (source) => void source.close(),
    })
  }
}

function isUnreachable(error: unknown): boolean {
  return isSluiceError(error, 'NODE_UNREACHABLE') || isSluiceError(error, 'TIMEOUT')
}

function unreachable(cause: unknown): SluiceError {
  if (isSluiceError(cause)) return cause
  return new SluiceError('NODE_UNREACHABLE', 'The provider could not be reached.', { cause })
}
