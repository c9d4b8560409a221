import type { Page } from 'playwright-core'

const WAIT_MS = 20_000

/** Waits for something in the page for as long as for anything else there; then says what the page showed instead. */
export async function inTime<Value>(page: Page, what: string, pending: Promise<Value>): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    page
      .getByRole('main')
      .innerText()
      .then((text) => reject(new Error(`${what} did not happen in time; the page says:\n${text}`)), reject)
  }, WAIT_MS)
  try {
    return await Promise.race([pending, late])
  } finally {
    clearTimeout(timer)
    // A tab that closes ends what nobody waits for any more.
    pending.catch(() => undefined)
  }
}
