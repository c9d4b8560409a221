/** What comes together is looked at together. */
const SETTLE_MS = 1000

export type Rounds = { /** Has the next round come in a moment. */ soon(): void; stop(): Promise<void> }

/** Does `round` every so often, one at a time, and sooner when asked; a round that fails is told, and the next one comes all the same. */
export function createRounds(everyMs: number, round: () => Promise<void>, onError: (error: unknown) => void): Rounds {
  let isStopped = false
  let running: Promise<void> | undefined
  let timer = schedule(everyMs)

  function schedule(delay: number): NodeJS.Timeout {
    return setTimeout(run, delay).unref()
  }

  function soon(): void {
    clearTimeout(timer)
    timer = schedule(SETTLE_MS)
  }

  function run(): void {
    if (isStopped) return
    if (running !== undefined) return soon()
    timer = schedule(everyMs)
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
