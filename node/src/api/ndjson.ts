import type { Context } from 'hono'
import { stream } from 'hono/streaming'

const HEARTBEAT_MS = 15_000

/** Streams values as one JSON text per line; an empty line now and then keeps the connection from being thought dead. */
export function streamNdjson<T>(context: Context, open: (signal: AbortSignal) => AsyncIterable<T>): Response {
  context.header('content-type', 'application/x-ndjson')
  context.header('cache-control', 'no-store')
  return stream(context, async (output) => {
    const stopped = new AbortController()
    output.onAbort(() => stopped.abort())
    const heartbeat = setInterval(() => void output.write('\n'), HEARTBEAT_MS)
    try {
      for await (const value of open(stopped.signal)) {
        if (stopped.signal.aborted) return
        await output.write(`${JSON.stringify(value)}\n`)
      }
    } finally {
      clearInterval(heartbeat)
    }
  })
}
