import type { Log } from '../log.ts'

/** Listeners to one kind of news; one that throws is logged and keeps nobody else from hearing. */
export function createAudience<T>(log: Log) {
  const listeners = new Set<(news: T) => void>()
  return {
    subscribe(this: void, listener: (news: T) => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell(news: T): void {
      for (const listener of listeners) {
        try {
          listener(news)
        } catch (error) {
          log.error({ err: error }, 'a listener failed')
        }
      }
    },
  }
}
