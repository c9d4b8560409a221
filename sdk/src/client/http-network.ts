import type { CID } from 'multiformats/cid'
import { MAX_BLOCK_BYTES } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import { connectPageChannel } from '../exchange/index.ts'
import { parseKeepers, parseProviders } from './announcements.ts'
import { verifyBlock } from './blocks.ts'
import { accept, readBounded, request } from './http.ts'
import type { Network, Provider } from './network.ts'

const MAX_LIST_BYTES = 256 * 1024
const MAX_SHARE_BYTES = 64 * 1024

/**
 * The network as a page sees it: its own node's public listener at `origin` looks up providers and forwards to keepers,
 * the exchange goes straight to each provider's WebSocket, and public slices come by HTTP ranges too. Nothing that
 * comes back is trusted: blocks are verified by CID, providers sign their terms, keepers seal and prove their shares.
 */
export function createHttpNetwork({ origin }: { origin: string }): Network {
  const at = (path: string) => new URL(path, origin).href
  return {
    async *findProviders(root, { signal }) {
      yield* parseProviders(await getJson(at(`/v1/providers/${root}`), signal))
    },
    connect: (provider, { signal }) => connect(provider, signal),
    nameOf: ({ peerId, url = '' }) => `${peerId} ${url}`,
    requestContent({ peerId, url }, root, { signal, ...init }) {
      if (url === undefined) throw unreachable(peerId)
      return request(new URL(`/slices/${root}`, url).href, init, signal)
    },
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
  if (provider.url === undefined) throw unreachable(provider.peerId)
  const url = new URL('/exchange', provider.url)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return { peerId: provider.peerId, channel: await connectPageChannel(url.href, { signal }) }
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

function unreachable(peerId: string): SluiceError {
  return new SluiceError('NODE_UNREACHABLE', `Peer ${peerId} has no address that a page can reach.`)
}

function blockMissing(cid: CID): SluiceError {
  return new SluiceError('NO_PROVIDERS', `Nobody reachable provides block ${cid}.`, {
    hint: 'Whoever published it may be offline. Try again later.',
  })
}
