import type { Locator, Page } from 'playwright-core'
import type { Address } from 'viem'

export async function openKeys(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'My keys' }).click()
}

/** The card of the key to a content. */
export function keyTo(page: Page, title: string): Locator {
  return page
    .getByRole('main')
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: title }) })
}

/** Hands the key to a content on, and waits until it is gone. */
export async function transferKey(page: Page, title: string, to: Address): Promise<void> {
  await keyTo(page, title).getByRole('button', { name: 'Transfer' }).click()
  const dialog = page.getByRole('dialog', { name: 'Transfer a key' })
  await dialog.getByLabel('To', { exact: true }).fill(to)
  await dialog.getByText('Network fee, about').waitFor()
  await dialog.getByRole('button', { name: 'Transfer' }).click()
  await dialog.waitFor({ state: 'detached' })
  await keyTo(page, title).waitFor({ state: 'detached' })
}
