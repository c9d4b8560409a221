import type { Page } from 'playwright-core'
import { parseAmount } from './content-page.ts'

/** What the earnings page says: its totals by their labels in wei, and its two lists as they are read. */
export async function readEarnings(page: Page) {
  const section = (name: string) => page.getByRole('region', { name }).getByRole('list').innerText()
  return {
    notWorthGas: await readTotal(page, 'Not worth the gas'),
    claimed: await readTotal(page, 'Claimed'),
    accepted: await readTotal(page, 'Accepted in total'),
    byContent: await section('By content'),
    byChannel: await section('By channel'),
  }
}

/** Claims what the node would rather let grow, and waits until the totals count it. Returns the amounts in wei. */
export async function claimAnyway(page: Page): Promise<bigint[]> {
  await page.getByRole('button', { name: 'Claim anyway' }).click()
  const results = page.getByRole('list', { name: 'What was claimed' }).getByRole('listitem')
  await results.first().waitFor()
  await page.getByRole('button', { name: 'Claim anyway' }).waitFor({ state: 'detached' })
  return (await results.allInnerTexts()).map((text) => parseAmount(/[\d.]+ ETH/.exec(text)?.[0]))
}

async function readTotal(page: Page, label: string): Promise<bigint> {
  const term = page.locator('dt', { hasText: new RegExp(`^${label}$`) })
  return parseAmount(await term.locator('xpath=following-sibling::dd[1]').innerText())
}
