import type { Page } from 'playwright-core'
import { keyTo } from './keys-page.ts'

/** Offers the key to a content for sale, and waits until the card says so. */
export async function offerKey(page: Page, title: string, price: string): Promise<void> {
  await keyTo(page, title).getByRole('button', { name: 'Sell' }).click()
  const dialog = page.getByRole('dialog', { name: 'Sell a key' })
  await dialog.getByLabel('Price of one key').fill(price)
  await dialog.getByText('Network fee, about').waitFor()
  await dialog.getByRole('button', { name: 'Offer for sale' }).click()
  await dialog.waitFor({ state: 'detached' })
  await keyTo(page, title).getByText('On offer').waitFor()
}

/** Takes the offer back, and waits until the key can be offered again. */
export async function takeBack(page: Page, title: string): Promise<void> {
  await keyTo(page, title).getByRole('button', { name: 'Take back' }).click()
  await keyTo(page, title).getByRole('button', { name: 'Sell' }).waitFor()
}

/** What holders offer, as it is read; waits for a price among it. */
export async function readOffers(page: Page, price: string): Promise<string> {
  const section = page.getByRole('region', { name: 'From holders' })
  await section.getByText(price).waitFor()
  return section.getByRole('list').innerText()
}

/** Buys the key that is offered at a price, and waits until it is in the wallet. */
export async function buyOfHolder(page: Page, price: string): Promise<void> {
  const row = page.getByRole('region', { name: 'From holders' }).getByRole('listitem').filter({ hasText: price })
  await row.getByRole('button', { name: 'Buy this key' }).click()
  const dialog = page.getByRole('dialog', { name: 'Buy a key of a holder' })
  await dialog.getByText('Network fee, about').waitFor()
  await dialog.getByRole('button', { name: `Buy for ${price}` }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('region', { name: 'You have a key' }).waitFor()
}
