import type { Page } from 'playwright-core'
import type { Address } from 'viem'

/** Connects the wallet that announced itself, through RainbowKit's modal. */
export async function connectWallet(page: Page, address: Address): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Test Wallet' }).click()
  const shown = new RegExp(`^Wallet ${address.slice(0, 4)}.*${address.slice(-4)}$`, 'i')
  await page.getByRole('button', { name: shown }).waitFor()
}
