import { SluiceError } from '@sluice/sdk'
import type { Log } from '../log.ts'

/** What was started, to be ended in reverse order, each within its time. */
export function createClosers(log: Log, timeoutMs: number) {
  const closers: { readonly name: string; readonly close: () => unknown }[] = []
  let closing: Promise<void> | undefined

  async function closeAll(): Promise<void> {
    for (const { name, close } of closers.splice(0).reverse()) {
      const timeout = Promise.withResolvers<never>()
      const timer = setTimeout(() => timeout.reject(new SluiceError('TIMEOUT', `${name} did not end`)), timeoutMs)
      try {
        await Promise.race([close(), timeout.promise])
      } catch (error) {
        // One part that does not end must not keep the others from ending, the store and its lock last of all.
        log.warn({ err: error, part: name }, 'a part did not end cleanly')
      } finally {
        clearTimeout(timer)
      }
    }
  }

  return {
    add: (name: string, close: () => unknown): void => void closers.push({ name, close }),
    /** Ends everything once; further calls wait for the first. */
    close: (): Promise<void> => (closing ??= closeAll()),
  }
}

export type Closers = ReturnType<typeof createClosers>
