/** How long a picture is looked at to be seen: long enough to decline that it is counted. */
const SHOWN_MS = 10_000

type Page = Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>

/** Tells once that a page was visible for ten seconds in one go. @returns What gives that up. */
export function tellWhenShown(page: Page, tell: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(timer)
    if (page.visibilityState === 'visible') timer = setTimeout(end, SHOWN_MS)
  }
  const stop = (): void => {
    clearTimeout(timer)
    page.removeEventListener('visibilitychange', look)
  }
  const end = (): void => {
    stop()
    tell()
  }
  page.addEventListener('visibilitychange', look)
  look()
  return stop
}
