import type { Page } from 'playwright-core'

/** One card of the feed, as it is read. */
export type Card = { readonly title: string; readonly text: string; readonly picture: number }

/** The cards of the feed, once each of `titles` is there with its picture painted and its price read. */
export async function readCards(page: Page, titles: readonly string[]): Promise<Card[]> {
  return Promise.all(
    titles.map(async (title) => {
      const card = page
        .getByRole('main')
        .getByRole('link')
        .filter({ has: page.getByRole('heading', { name: title }) })
      const picture = await card.locator('img').first().elementHandle()
      await page.waitForFunction((image) => image instanceof HTMLImageElement && image.naturalWidth > 0, picture)
      await card.getByText(/\d ETH/).waitFor()
      return {
        title,
        text: await card.innerText(),
        picture: await card
          .locator('img')
          .first()
          .evaluate((image) => (image as HTMLImageElement).naturalWidth),
      }
    }),
  )
}

export async function openCard(page: Page, title: string): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('link')
    .filter({ has: page.getByRole('heading', { name: title }) })
    .click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}
