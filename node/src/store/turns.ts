/** One action at a time for each name; names that nobody acts on cost nothing. */
export function createTurns() {
  const taken = new Map<string, Promise<void>>()

  /** Resolves once nobody acts on it; whoever goes on in the same turn of the loop is the first who may. */
  async function idle(name: string): Promise<void> {
    for (let current = taken.get(name); current !== undefined; current = taken.get(name)) await current
  }

  return {
    idle,
    isTaken: (name: string): boolean => taken.has(name),
    async take<T>(name: string, action: () => Promise<T>): Promise<T> {
      while (taken.has(name)) await taken.get(name)
      const turn = Promise.withResolvers<void>()
      taken.set(name, turn.promise)
      try {
        return await action()
      } finally {
        taken.delete(name)
        turn.resolve()
      }
    },
  }
}
