import type { FrameChannel } from '@sluice/sdk/exchange'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import type { Frame } from '@sluice/sdk/wire'

/** What stands between client and server in tests, and changes or loses what one of them says. */

/** Rewrites what the client says. */
export function rewriting(channel: FrameChannel, rewrite: (frame: Frame) => Frame): FrameChannel {
  return { ...channel, send: (bytes) => channel.send(encodeFrame(rewrite(decodeFrame(bytes)))) }
}

/** Rewrites what the server says. */
export function rewritingAnswers(channel: FrameChannel, rewrite: (frame: Frame) => Frame): FrameChannel {
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const bytes of channel.frames) yield encodeFrame(rewrite(decodeFrame(bytes)))
  }
  return { ...channel, frames: frames() }
}

/** Loses what the client says, of these types. */
export function dropping(channel: FrameChannel, types: readonly Frame['type'][]): FrameChannel {
  return {
    ...channel,
    send: async (bytes) => {
      if (!types.includes(decodeFrame(bytes).type)) await channel.send(bytes)
    },
  }
}

/** Loses what the server says, of these types. */
export function droppingAnswers(channel: FrameChannel, types: readonly Frame['type'][]): FrameChannel {
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const bytes of channel.frames) if (!types.includes(decodeFrame(bytes).type)) yield bytes
  }
  return { ...channel, frames: frames() }
}
