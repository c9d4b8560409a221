import type { Page } from 'playwright-core'

/** Notes which of `texts` appear within `selector` from now on, and in which order. */
export async function watchTexts(
  page: Page,
  selector: string,
  texts: readonly string[],
): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle(
    ([within, wanted]) => {
      const found: string[] = []
      const look = () => {
        const shown = Array.from(document.querySelectorAll<HTMLElement>(within), (element) => element.innerText).join()
        found.push(...wanted.filter((text) => !found.includes(text) && shown.includes(text)))
      }
      new MutationObserver(look).observe(document.body, {
        attributes: true,
        characterData: true,
        childList: true,
        subtree: true,
      })
      return found
    },
    [selector, texts] as const,
  )
  return () => seen.jsonValue()
}

/** The status of every answer from now on whose path starts with `prefix`, on whichever node. */
export function watchAnswers(page: Page, prefix: string): readonly number[] {
  const statuses: number[] = []
  page.on('response', (response) => {
    if (new URL(response.url()).pathname.startsWith(prefix)) statuses.push(response.status())
  })
  return statuses
}
