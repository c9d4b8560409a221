import { SluiceError } from '@sluice/sdk'
import type { HashSlice, Provider, Way } from '@sluice/sdk/client'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { dialExchange } from './dial-exchange.ts'
import { isPrivate } from './private-addresses.ts'

/** WebSockets to others' public listeners at once, all peers together. */
const MAX_SOCKETS = 64
/** Below these are services that a stranger might want to be spoken to. */
const FIRST_USUAL_PORT = 1024

/**
 * Ways over the WebSockets of peers' public listeners, where a peer names one that may be dialled: over TLS, at a
 * public host; on a private network anywhere, in the clear too. Each peer has one socket at a time.
 */
export function createSocketWays({ privateNetwork, hash, dial = dialExchange }: createSocketWays.Options) {
  const taken = new Map<string, symbol>()

  function take(peerId: string): () => void {
    const mark = Symbol(peerId)
    taken.set(peerId, mark)
    return () => {
      if (taken.get(peerId) === mark) taken.delete(peerId)
    }
  }

  async function connect({ peerId }: Provider, url: string, signal: AbortSignal) {
    // Nobody's fault: there is another way.
    if (taken.has(peerId) || taken.size >= MAX_SOCKETS) throw new SluiceError('RATE_LIMITED', 'No socket is left.')
    const leave = take(peerId)
    try {
      return { peerId, channel: await dial(url, { privateNetwork, signal, onClosed: leave }) }
    } catch (error) {
      leave()
      throw error
    }
  }

  return (provider: Provider): Way[] => {
    const { peerId, url } = provider
    if (url === undefined || taken.has(peerId) || !mayBeDialled(url, privateNetwork)) return []
    return [
      {
        via: 'ws',
        // Terms are signed, slices are not: whoever answers there may have passed the terms on.
        name: `${peerId} ${url}`,
        provesPeers: false,
        ...(hash === undefined ? {} : { hash }),
        connect: ({ signal }) => connect(provider, url, signal),
      },
    ]
  }
}

export declare namespace createSocketWays {
  type Options = {
    readonly privateNetwork: boolean
    /** What costs the main thread most of what comes over a WebSocket. */
    readonly hash?: HashSlice
    readonly dial?: (origin: string, options: dialExchange.Options) => Promise<FrameChannel>
  }
}

function mayBeDialled(text: string, privateNetwork: boolean): boolean {
  const url = URL.parse(text)
  if (url === null) return false
  if (privateNetwork) return url.protocol === 'http:' || url.protocol === 'https:'
  const isUsualPort = url.port === '' || Number(url.port) >= FIRST_USUAL_PORT
  return url.protocol === 'https:' && isUsualPort && !isPrivate(url.hostname.replace(/^\[|\]$/g, ''))
}
