/** Hears of new blocks as they come (`eth_subscribe`, https://geth.ethereum.org/docs/interacting-with-geth/rpc/pubsub). */
export type NewHeads = {
  /** Whether an endpoint has agreed to tell. */
  readonly isLive: () => boolean
  /** Resolves at the next block that is told of, after `ms`, or when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** A block was found that nobody told of: asks anew, the next endpoint if there are several. */
  readonly missed: () => void
}

export declare namespace subscribeNewHeads {
  type Options = {
    /** `ws://` and `wss://`; one is listened to at a time. */
    readonly urls: readonly string[]
    readonly signal: AbortSignal
    /** The first pause before connecting again, in milliseconds; it doubles up to `maxBackoffMs`. */
    readonly backoffMs?: number
    readonly maxBackoffMs?: number
    /** For an endpoint to agree, in milliseconds. */
    readonly agreeMs?: number
  }
}

const DEFAULTS = { backoffMs: 250, maxBackoffMs: 30_000, agreeMs: 10_000 }
/** A header has some 2 kB; what is longer is none, and not looked at. */
const MAX_MESSAGE_CHARS = 64 * 1024
const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] })

/** Keeps one subscription alive until the signal aborts. What is told only wakes: blocks are asked for elsewhere. */
export function subscribeNewHeads(options: subscribeNewHeads.Options): NewHeads {
  const { urls, signal, backoffMs, maxBackoffMs, agreeMs } = { ...DEFAULTS, ...options }
  const wakes = createWakes()
  let [isLive, attempt, failures] = [false, 0, 0]
  let socket: WebSocket | undefined
  let timer: NodeJS.Timeout | undefined
  function connect(): void {
    const mine = new WebSocket(urls[attempt % urls.length] ?? '')
    socket = mine
    timer = setTimeout(() => again(mine), agreeMs)
    mine.onopen = () => mine.send(SUBSCRIBE)
    mine.onmessage = ({ data }) => {
      const message = readMessage(data)
      if (message === 'refused') again(mine)
      if (message === undefined || message === 'refused' || socket !== mine) return
      clearTimeout(timer)
      ;[isLive, failures] = [true, 0]
      // What came before it agreed was told to nobody.
      wakes.wake()
    }
    mine.onclose = () => again(mine)
    mine.onerror = () => again(mine)
  }
  /** Connects again after a pause, once for each connection. */
  function again(from: WebSocket): void {
    if (socket !== from) return
    ;[socket, isLive] = [undefined, false]
    clearTimeout(timer)
    from.close()
    if (signal.aborted) return
    const pause = Math.min(maxBackoffMs, backoffMs * 2 ** Math.min(failures, 16))
    ;[attempt, failures] = [attempt + 1, failures + 1]
    // A crowd that lost one endpoint together does not come back together.
    timer = setTimeout(connect, pause / 2 + (Math.random() * pause) / 2)
  }
  function drop(): void {
    if (socket !== undefined) again(socket)
  }
  const end = (): void => {
    drop()
    clearTimeout(timer)
  }
  signal.addEventListener('abort', end, { once: true })
  if (!signal.aborted) connect()
  return { isLive: () => isLive, wait: wakes.wait, missed: drop }
}

/** `block` for a new head, `agreed` for an id of a subscription, `refused` for an error. */
function readMessage(data: unknown): 'block' | 'agreed' | 'refused' | undefined {
  if (typeof data !== 'string' || data.length > MAX_MESSAGE_CHARS) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(data)
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined
  const { id, method, result } = parsed as Record<string, unknown>
  if (method === 'eth_subscription') return 'block'
  if (id !== 1) return undefined
  return typeof result === 'string' ? 'agreed' : 'refused'
}

/** Wakes whoever waits; who comes just after is woken at once. */
function createWakes() {
  let isDue = false
  let wakeUp: (() => void) | undefined
  return {
    wake: (): void => {
      isDue = true
      wakeUp?.()
    },
    wait: async (ms: number, signal: AbortSignal): Promise<void> => {
      if (!isDue && !signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<undefined>()
        const stop = (): void => resolve(undefined)
        wakeUp = stop
        const timer = setTimeout(stop, ms)
        signal.addEventListener('abort', stop, { once: true })
        await promise
        clearTimeout(timer)
        signal.removeEventListener('abort', stop)
        wakeUp = undefined
      }
      isDue = false
    },
  }
}
