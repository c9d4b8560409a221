/**
 * What is being waited for, one reader: in the order in which it was asked for, or in which it comes. In the latter case
 * what fails is told of last: what was asked for together with it is paid for when it comes, and must not be lost.
 */
export type Arrivals<T> = {
  /** Being waited for, or here and not taken yet. */
  readonly size: number
  /** Whether something has failed that is told of last. */
  readonly failed: boolean
  add(promise: Promise<T>): void
  /** Takes the next one; rejects as that one does. Something must have been added. */
  next(): Promise<T>
}

export function createArrivals<T>({ inOrder }: { inOrder: boolean }): Arrivals<T> {
  const onTheirWay = new Set<Promise<T>>()
  const ready: Promise<T>[] = []
  const failures: Promise<T>[] = []
  let wake: (() => void) | undefined
  let size = 0

  const arrive = (promise: Promise<T>, queue: Promise<T>[]): void => {
    onTheirWay.delete(promise)
    if (!inOrder) queue.push(promise)
    wake?.()
  }
  return {
    get size() {
      return size
    },
    get failed() {
      return failures.length > 0
    },
    add: (promise) => {
      size += 1
      onTheirWay.add(promise)
      if (inOrder) ready.push(promise)
      promise.then(
        () => arrive(promise, ready),
        () => arrive(promise, failures),
      )
    },
    next: async () => {
      while (ready.length === 0 && (failures.length === 0 || onTheirWay.size > 0)) {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
      size -= 1
      return (ready.shift() ?? failures.shift()) as Promise<T>
    },
  }
}
