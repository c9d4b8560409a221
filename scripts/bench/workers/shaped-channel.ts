import { setTimeout as delay } from 'node:timers/promises'
import type { FrameChannel } from '../../../sdk/src/exchange/index.ts'

/** How a source behaves: how fast it sends, and what becomes of it in the middle of a transfer. */
export type Shape = {
  /** Bytes per second; as fast as it can when left out. */
  readonly rate?: number
  readonly turn?: {
    /** Bytes sent on one stream, after which it turns. */
    readonly after: number
    /** A fiftieth of the rate; nothing more at all; every slice with a wrong byte. */
    readonly to: 'slow' | 'silent' | 'corrupt'
  }
}

/** What a sender that was held up may send at once, in milliseconds of its rate: timers are late, the rate is kept. */
const BURST_MS = 20
const SLOWER = 50

/** A channel that sends as its shape says; what it receives is untouched. */
export function shapeChannel(channel: FrameChannel, { rate = Infinity, turn }: Shape): FrameChannel {
  let sent = 0
  let due = performance.now()
  return {
    ...channel,
    async send(frame, body) {
      const bytes = frame.length + (body?.length ?? 0)
      sent += bytes
      const turned = turn !== undefined && sent > turn.after ? turn.to : undefined
      if (turned === 'silent') return new Promise<never>(() => undefined)
      const now = performance.now()
      due = Math.max(due, now - BURST_MS) + (1000 * bytes) / (turned === 'slow' ? rate / SLOWER : rate)
      if (due > now) await delay(due - now)
      return channel.send(frame, turned === 'corrupt' && body !== undefined ? damaged(body) : body)
    },
  }
}

function damaged(body: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(body)
  copy[0] = (copy[0] ?? 0) ^ 1
  return copy
}
