import type { LookupFunction } from 'node:net'
import { SluiceError } from '@sluice/sdk'
import { MAX_FRAME_BYTES } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { WebSocket } from 'ws'
import { wsFrameChannel } from '../protocols/slice/index.ts'
import { resolveHost } from './resolve-host.ts'

/** Short, since there is another way. */
const CONNECT_TIMEOUT_MS = 2000

export declare namespace dialExchange {
  type Options = {
    /** Whether the host may be of this machine or of a private network. */
    readonly privateNetwork: boolean
    readonly signal: AbortSignal
    readonly onClosed: () => void
  }
}

/**
 * Opens the exchange over the WebSocket of a peer's public listener at `origin`: at the addresses that its host has now
 * and no others, without redirects or compression.
 * @throws NODE_UNREACHABLE, ABORTED
 */
export async function dialExchange(origin: string, options: dialExchange.Options): Promise<FrameChannel> {
  const { privateNetwork, onClosed } = options
  const url = new URL('/exchange', origin)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)])
  try {
    const found = await resolveHost(url.hostname, { privateNetwork, signal })
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      followRedirects: false,
      lookup: lookupOf(found),
    })
    socket.once('close', onClosed)
    // The peer speaks first, so whoever listens is there before it can.
    const channel = wsFrameChannel(socket)
    await opened(socket, signal)
    return channel
  } catch (cause) {
    if (options.signal.aborted) throw new SluiceError('ABORTED', 'Connecting was given up.', { cause })
    throw new SluiceError('NODE_UNREACHABLE', `${url.href} cannot be reached.`, { cause })
  }
}

/** The name was looked up and its addresses judged: it is not looked up again. */
function lookupOf(found: Awaited<ReturnType<typeof resolveHost>>): LookupFunction {
  return (_host, { all }, answer) => {
    const [first] = found
    if (all === true) answer(null, [...found])
    else if (first !== undefined) answer(null, first.address, first.family)
  }
}

async function opened(socket: WebSocket, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const giveUp = (): void => reject(signal.reason)
  socket.once('open', resolve)
  socket.once('error', reject)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    await promise
  } catch (error) {
    socket.terminate()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}
