import { isSluiceError, SluiceError } from '../errors.ts'
import { encodeFrame, encodeSlice } from '../wire/index.ts'
import type { Frame } from '../wire/index.ts'
import type { FrameChannel } from './frame-channel.ts'

/** What the two machines have in common: answers go in, effects come out. */
type Answerable<E> = {
  resolve(id: number, result: unknown, now: number): E[]
  fail(id: number, error: SluiceError, now: number): E[]
}

type AskEffect = { readonly type: 'ask'; readonly id: number; readonly kind: string; readonly request: unknown }
type SendEffect = { readonly type: 'send'; readonly message: Frame; readonly id?: number }

/** Messages that may wait for the transport before the peer is no longer listened to. */
const MAX_WAITING = 32

/**
 * Carries out a machine's effects: asks go to ports, messages to the channel one after the other, everything else to
 * `handle`. Answers that are no promises are taken at once, so that a decision and its effect are one step.
 */
export type Driver<E> = {
  apply(effects: E[]): void
  /** Resolves when so few messages wait that the peer may be listened to. */
  writable(): Promise<void>
  /** Resolves when all that was sent is with the transport. */
  flushed(): Promise<void>
}

export function createDriver<E extends { readonly type: string }>(options: createDriver.Options<E>): Driver<E> {
  const { machine, channel, ports } = options
  let tail = Promise.resolve()
  let waiting = 0

  const settle = (id: number, outcome: { result: unknown } | { error: unknown }): E[] =>
    'error' in outcome
      ? machine.fail(id, toSluiceError(outcome.error), Date.now())
      : machine.resolve(id, outcome.result, Date.now())

  const ask = ({ id, kind, request }: AskEffect): E[] => {
    try {
      // Which port takes which request is checked where machine and ports meet; here they are all alike.
      const port = ports[kind] as (request: unknown) => unknown
      const result = port(request)
      if (!(result instanceof Promise)) return settle(id, { result })
      result.then(
        (value: unknown) => apply(settle(id, { result: value })),
        (error: unknown) => apply(settle(id, { error })),
      )
      return []
    } catch (error) {
      return settle(id, { error })
    }
  }

  const send = ({ message, id }: SendEffect): void => {
    waiting += 1
    tail = tail
      .then(() => {
        return message.type === 'slice' ? channel.send(...encodeSlice(message)) : channel.send(encodeFrame(message))
      })
      // Also where it failed: whoever waits for room must not wait for a broken transport.
      .finally(() => (waiting -= 1))
      .then(() => {
        if (id !== undefined) apply(settle(id, { result: undefined }))
      })
      .catch((error: unknown) => channel.abort(toSluiceError(error)))
  }

  const apply = (effects: E[]): void => {
    const work = [...effects]
    for (let effect = work.shift(); effect !== undefined; effect = work.shift()) {
      if (isAsk(effect)) work.push(...ask(effect))
      else if (isSend(effect)) send(effect)
      else options.handle(effect)
    }
  }

  return {
    apply,
    writable: async () => {
      while (waiting > MAX_WAITING) await tail
    },
    flushed: () => tail,
  }
}

export declare namespace createDriver {
  type Options<E> = {
    machine: Answerable<E>
    channel: FrameChannel
    /** One function per kind of ask; the machine's types tie requests to answers. */
    ports: Readonly<Record<string, (request: never) => unknown>>
    handle: (effect: E) => void
  }
}

/** A refusal keeps its code; anything else is a fault on this side that the peer learns nothing of. */
export function toSluiceError(error: unknown): SluiceError {
  return isSluiceError(error) ? error : new SluiceError('INTERNAL', 'Something failed on this side.', { cause: error })
}

function isAsk(effect: { readonly type: string }): effect is AskEffect {
  return effect.type === 'ask'
}

function isSend(effect: { readonly type: string }): effect is SendEffect {
  return effect.type === 'send'
}
