import type { Locator, Page } from 'playwright-core'

/** One card of the feed, as it is read. */
export type Card = { readonly title: string; readonly text: string; readonly picture: number }

/** The cards of the feed, once each of `titles` is there with its picture painted and its price read. */
export async function readCards(page: Page, titles: readonly string[]): Promise<Card[]> {
  return Promise.all(
    titles.map(async (title) => {
      const card = cardOf(page, title)
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
  await cardOf(page, title).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
}

export function cardOf(page: Page, title: string): Locator {
  return page
    .getByRole('main')
    .getByRole('link')
    .filter({ has: page.getByRole('heading', { name: title }) })
}

export async function openFeed(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Discover' }).click()
}

export async function searchFor(page: Page, text: string): Promise<void> {
  await page.getByLabel('Search titles').fill(text)
}

export async function chooseOrder(page: Page, order: string): Promise<void> {
  await page.getByRole('radio', { name: order, exact: true }).click()
}
