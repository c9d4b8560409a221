import { SluiceError } from '../errors.ts'

/** How long a peer may take to answer a Hello before another way to it says one too; it may have to ask its chain. */
const PATIENCE_MS = 2000

/**
 * Has the ways to one peer say Hello one after the other. Whichever hears from the peer first does at once; the next
 * one when that has failed, or has no answer for two seconds. So a peer that is merely slow is asked once.
 */
export function createHelloTurns() {
  let before: Promise<void> | undefined

  /**
   * Resolves when it is the turn of a way that tells by `failed` that it gave up.
   * @throws ABORTED
   */
  return async (failed: Promise<void>, signal: AbortSignal): Promise<void> => {
    const other = before
    before = failed
    if (other !== undefined) await orPatience(other, signal)
    if (signal.aborted) throw new SluiceError('ABORTED', 'Another way was faster.', { cause: signal.reason })
  }
}

/** Resolves with `event`, when patience is at an end, or once it is given up. */
async function orPatience(event: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, PATIENCE_MS)
  const giveUp = (): void => resolve()
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  void event.then(resolve)
  await promise
  clearTimeout(timer)
  signal.removeEventListener('abort', giveUp)
}
