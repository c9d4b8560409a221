/** Runs actions one after the other, in the order they were handed in; one that fails does not hold up the next. */
export function createMutex(): <T>(action: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (action) => {
    const result = tail.then(action)
    tail = result.catch(() => undefined)
    return result
  }
}
