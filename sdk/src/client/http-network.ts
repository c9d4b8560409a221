import type { CID } from 'multiformats/cid'
import { MAX_BLOCK_BYTES } from '../content/index.ts'
import { isErrorCode, SluiceError } from '../errors.ts'
import { connectPageChannel } from '../exchange/index.ts'
import { parseKeepers, parseProviders } from './announcements.ts'
import { verifyBlock } from './blocks.ts'
import type { Network, Provider } from './network.ts'

const MAX_LIST_BYTES = 256 * 1024
const MAX_SHARE_BYTES = 64 * 1024
const REQUEST_TIMEOUT_MS = 15_000

/**
 * The network as a page sees it: its own node's public listener at `origin` looks up providers and forwards to keepers,
 * the exchange goes straight to each provider's WebSocket. Nothing that comes back is trusted: blocks are verified by
 * CID, providers sign their terms, keepers seal and prove their shares.
 */
export function createHttpNetwork({ origin }: { origin: string }): Network {
  const at = (path: string) => new URL(path, origin).href
  return {
    async *findProviders(root, { signal }) {
      yield* parseProviders(await getJson(at(`/v1/providers/${root}`), signal))
    },
    connect: (provider, { signal }) => connect(provider, signal),
    nameOf: ({ peerId, url = '' }) => `${peerId} ${url}`,
    async fetchBlock(cid, { signal }) {
      const response = await request(at(`/block/${cid}?find=1`), {}, signal)
      if (response.status === 404) throw blockMissing(cid)
      return verifyBlock(cid, await readBounded(await accept(response), MAX_BLOCK_BYTES))
    },
    async findKeepers({ signal }) {
      return parseKeepers(await getJson(at('/v1/keepers'), signal))
    },
    async requestShare(peerId, body, { signal }) {
      const response = await request(
        at(`/v1/key/${encodeURIComponent(peerId)}`),
        { method: 'POST', body: body.slice() },
        signal,
      )
      return readBounded(await accept(response), MAX_SHARE_BYTES)
    },
  }
}

async function connect(provider: Provider, signal: AbortSignal) {
  if (provider.url === undefined) {
    throw new SluiceError('NODE_UNREACHABLE', `Peer ${provider.peerId} has no address that a page can reach.`)
  }
  const url = new URL('/exchange', provider.url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return { peerId: provider.peerId, channel: await connectPageChannel(url.href, { signal }) }
}

async function request(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) })
  } catch (cause) {
    if (signal.aborted) throw new SluiceError('ABORTED', 'The request was given up.', { cause })
    throw new SluiceError('NODE_UNREACHABLE', `${new URL(url).origin} does not answer.`, {
      cause,
      hint: 'Is the node that serves this page still running?',
    })
  }
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const bytes = await readBounded(await accept(await request(url, {}, signal)), MAX_LIST_BYTES)
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (cause) {
    throw new SluiceError('PROTOCOL_VIOLATION', `${new URL(url).pathname} answered with something else than JSON.`, {
      cause,
    })
  }
}

/** Lets a good answer through and turns `{ error: { code, message, hint } }` into the error it names. */
async function accept(response: Response): Promise<Response> {
  if (response.ok) return response
  const text = new TextDecoder().decode(await readBounded(response, MAX_LIST_BYTES))
  throw errorFrom(text) ?? new SluiceError('PROTOCOL_VIOLATION', `The node answered ${response.status}.`)
}

function errorFrom(text: string): SluiceError | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown; hint?: unknown } }
    if (!isErrorCode(error?.code)) return undefined
    const hint = typeof error.hint === 'string' ? { hint: error.hint.slice(0, 500) } : {}
    return new SluiceError(error.code, String(error.message).slice(0, 500), hint)
  } catch {
    return undefined
  }
}

async function readBounded(response: Response, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > limit) throw new SluiceError('PROTOCOL_VIOLATION', `An answer was longer than ${limit} bytes.`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

function blockMissing(cid: CID): SluiceError {
  return new SluiceError('NO_PROVIDERS', `Nobody reachable provides block ${cid}.`, {
    hint: 'Whoever published it may be offline. Try again later.',
  })
}
