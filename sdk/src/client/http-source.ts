import type { CID } from 'multiformats/cid'
import { LEAF_BYTES, leafSizeAt } from '../content/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { SliceSource, VerifySlice } from '../exchange/index.ts'
import { accept, readBounded } from './http.ts'
import type { ContentRequest, Network, Provider } from './network.ts'

/** Attempts at one slice while the provider asks for patience, and the longest that it may ask for, seconds. */
const ATTEMPTS = 6
const MAX_PATIENCE_SECONDS = 10
/** Ranges in a `sluice-slices` header at most. */
const MAX_RANGES = 64
const MAX_HEADER = 2048

export declare namespace connectHttpSource {
  type Options = {
    readonly network: Pick<Network, 'requestContent'>
    readonly root: CID
    readonly sliceCount: number
    /** Bytes of all leaves. */
    readonly leafBytes: number
    /** Whether these bytes are the slice that the root names. */
    readonly verify: VerifySlice
    /** Ends the source with everything that it fetches. */
    readonly signal: AbortSignal
  }
}

/**
 * A provider's public slices by HTTP ranges: no Hello, no terms, nothing to pay; verified by CID like any others.
 * @throws NODE_UNREACHABLE, CONTENT_UNKNOWN, NOT_ENTITLED, RATE_LIMITED, PROTOCOL_VIOLATION, ABORTED
 */
export async function connectHttpSource(provider: Provider, options: connectHttpSource.Options): Promise<SliceSource> {
  const { root, sliceCount, leafBytes, verify, network } = options
  const closing = Promise.withResolvers<undefined>()
  const stop = new AbortController()
  const signal = AbortSignal.any([options.signal, stop.signal])
  let delivered = 0

  const ask = async (request: Omit<ContentRequest, 'signal'>, wanted: AbortSignal): Promise<Response> => {
    if (network.requestContent === undefined) throw new SluiceError('NODE_UNREACHABLE', 'No HTTP is used here.')
    return network.requestContent(provider, root, { ...request, signal: wanted })
  }
  const head = await ask({ method: 'HEAD' }, signal)
  if (!head.ok) throw refusalOf(head)
  const has = parseSlices(head.headers.get('sluice-slices'), sliceCount)

  const fetchSlice = async (index: number, wanted: AbortSignal): Promise<Uint8Array> => {
    const [first, size] = [index * LEAF_BYTES, leafSizeAt(index, leafBytes)]
    const range = { method: 'GET', headers: { range: `bytes=${first}-${first + size - 1}` } } as const
    const bytes = await readBounded(await accept(await patiently(() => ask(range, wanted), wanted)), size)
    const verdict = bytes.length === size && (await verify(index, bytes))
    if (verdict !== false) return verdict === true ? bytes : verdict
    throw new SluiceError('SLICE_CORRUPT', `Slice ${index} is not what its CID says.`, { details: { index } })
  }

  return {
    peerId: provider.peerId,
    terms: { minChannel: 0n },
    price: 0n,
    hasChannel: false,
    has: (index) => has.some(([first, last]) => index >= first && index <= last),
    async fetch(index, { signal: given } = {}) {
      const wanted = given === undefined ? signal : AbortSignal.any([signal, given])
      const bytes = await fetchSlice(index, wanted).catch((error: unknown) => {
        throw toRefusal(error, wanted)
      })
      delivered += 1
      return bytes
    },
    paid: () => 0n,
    delivered: () => delivered,
    closed: closing.promise,
    close() {
      stop.abort()
      closing.resolve(undefined)
      return Promise.resolve()
    },
  }
}

/** Asks again, after as long as it was told to wait, while the answer is that too much was asked for. */
async function patiently(ask: () => Promise<Response>, signal: AbortSignal): Promise<Response> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await ask()
    if (response.status !== 429 || attempt === ATTEMPTS) return response
    await response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after') ?? 1)
    const bounded = seconds >= 0 && seconds <= MAX_PATIENCE_SECONDS ? seconds : MAX_PATIENCE_SECONDS
    await pause(1000 * bounded, signal)
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, milliseconds)
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (signal.aborted) resolve()
  return promise.finally(() => clearTimeout(timer))
}

/** `0-3,8` as a stranger wrote it. Throws PROTOCOL_VIOLATION on anything else. */
function parseSlices(header: string | null, sliceCount: number): readonly (readonly [number, number])[] {
  const parts = (header ?? '').slice(0, MAX_HEADER).split(',').slice(0, MAX_RANGES)
  return parts.map((part) => {
    const [, from = '', to = from] = /^(\d{1,8})(?:-(\d{1,8}))?$/u.exec(part.trim()) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (from !== '' && first <= last && last < sliceCount) return [first, last]
    throw new SluiceError('PROTOCOL_VIOLATION', 'The node does not say which slices are public.')
  })
}

/** The answer to HEAD has no body that would say more. */
function refusalOf({ status }: Response): SluiceError {
  const codes = { 403: 'NOT_ENTITLED', 404: 'CONTENT_UNKNOWN', 429: 'RATE_LIMITED' } as const
  const code = Object.entries(codes).find(([known]) => Number(known) === status)?.[1] ?? 'PROTOCOL_VIOLATION'
  return new SluiceError(code, `The node answered ${status} when it was asked for public slices.`)
}

function toRefusal(cause: unknown, signal: AbortSignal): SluiceError {
  if (signal.aborted) return new SluiceError('ABORTED', 'Given up.', { cause })
  return isSluiceError(cause) ? cause : new SluiceError('NODE_UNREACHABLE', 'The answer broke off.', { cause })
}
