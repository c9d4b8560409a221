/** What comes together is looked at together. */
const SETTLE_MS = 1000

export type Rounds = { /** Has the next round come in a moment. */ soon(): void; stop(): Promise<void> }

/**
 * Does `round` every so often, one at a time, and sooner when asked; a round that fails is told, and the next one comes
 * all the same.
 */
export function createRounds(everyMs: number, round: () => Promise<void>, onError: (error: unknown) => void): Rounds {
  let isStopped = false
  let running: Promise<void> | undefined
  let dueAt = Infinity
  let timer = schedule(everyMs)

  function schedule(delay: number): NodeJS.Timeout {
    dueAt = performance.now() + delay
    return setTimeout(run, delay).unref()
  }

  function soon(): void {
    // Only ever brought forward: peers that come and go all the time must not put it off for ever.
    if (dueAt <= performance.now() + SETTLE_MS) return
    clearTimeout(timer)
    timer = schedule(SETTLE_MS)
  }

  function run(): void {
    if (isStopped) return
    timer = schedule(running === undefined ? everyMs : SETTLE_MS)
    if (running !== undefined) return
    running = round()
      .catch(onError)
      .then(() => void (running = undefined))
  }

  return {
    soon,
    async stop() {
      isStopped = true
      clearTimeout(timer)
      await running
    },
  }
}
