import type { Page } from 'playwright-core'
import { parseAmount } from './content-page.ts'

export async function openEarnings(page: Page): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Earnings' }).click()
}

/** Income of a page's wallet once `label` is among it: its sources since the beginning, and the days, each in wei. */
export async function readIncome(page: Page, label: string) {
  const section = page.getByRole('region', { name: 'Income' })
  const term = section.locator('dt', { hasText: new RegExp(`^${label}$`) })
  await term.waitFor()
  const total = await term.locator('xpath=following-sibling::dd[1]').innerText()
  const rows = await section.getByRole('table', { name: 'Income by day' }).getByRole('row').allInnerTexts()
  return {
    total: parseAmount(total),
    days: rows.slice(1).map((row) =>
      parseAmount(
        row
          .trim()
          .split(/\s{1,}(?=[\d.]+ ETH$)/)
          .at(-1),
      ),
    ),
  }
}

/** What the contracts owe, in wei. */
export async function readOwed(page: Page): Promise<bigint> {
  const section = page.getByRole('region', { name: 'To withdraw' })
  const amount = section.getByText(/^[\d.]+ ETH$/).first()
  await amount.waitFor()
  return parseAmount(await amount.innerText())
}

/** Takes what is owed, and waits until nothing is. */
export async function withdraw(page: Page): Promise<void> {
  const section = page.getByRole('region', { name: 'To withdraw' })
  await section.getByText('Network fee, about').waitFor()
  await section.getByRole('button', { name: 'Withdraw' }).click()
  await section.getByText('Nothing at the moment.').waitFor()
}
