import { SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { decodeFrame } from '../wire/index.ts'
import type { Ports } from './asks.ts'
import { createDriver, toSluiceError } from './driver.ts'
import type { FrameChannel } from './frame-channel.ts'
import type { ServerMachine } from './server-machine.ts'
import type { ServerAsks, ServerEffect } from './server-types.ts'

const TICK_MS = 1000
/** What a peer that no longer reads gets to take the last messages. */
const CLOSE_TIMEOUT_MS = 5000

/** One connection being served. */
export type ServerRun = {
  /** Resolves when the connection has ended: with the reason, where this side refused to go on. */
  readonly done: Promise<ErrorCode | undefined>
  /** Another connection of the same wallet has paid. */
  wake(): void
  /** The chain changed what the wallet may have. */
  recheck(): void
}

/** Runs a server machine over a channel until either ends, or `signal` does. */
export function runServer(
  machine: ServerMachine,
  channel: FrameChannel,
  ports: Ports<ServerAsks>,
  signal?: AbortSignal,
): ServerRun {
  let refusal: ErrorCode | undefined
  let closing: ReturnType<typeof setTimeout> | undefined
  const driver = createDriver<ServerEffect>({
    machine,
    channel,
    ports,
    // Closed after what was sent: a refusal must reach the peer.
    handle: (effect) => {
      if (effect.type === 'close') refusal = effect.code
      closing ??= setTimeout(
        () => channel.abort(new SluiceError('TIMEOUT', 'The peer does not close.')),
        CLOSE_TIMEOUT_MS,
      )
      void driver
        .flushed()
        .then(() => channel.close(), ignore)
        .catch(ignore)
    },
  })
  const timer = setInterval(() => driver.apply(machine.tick(Date.now())), TICK_MS)
  const abort = (): void => channel.abort(toSluiceError(signal?.reason))
  signal?.addEventListener('abort', abort, { once: true })

  const listen = async (): Promise<ErrorCode | undefined> => {
    try {
      driver.apply(machine.start(Date.now()))
      for await (const bytes of channel.frames) {
        driver.apply(machine.receive(decodeFrame(bytes), Date.now()))
        await driver.writable()
      }
    } catch (error) {
      channel.abort(toSluiceError(error))
    } finally {
      clearInterval(timer)
      clearTimeout(closing)
      signal?.removeEventListener('abort', abort)
      driver.apply(machine.stop(Date.now()))
    }
    return refusal
  }
  return {
    done: listen(),
    wake: () => driver.apply(machine.wake(Date.now())),
    recheck: () => driver.apply(machine.recheck(Date.now())),
  }
}

function ignore(): void {}
