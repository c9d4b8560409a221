import type { Page } from 'playwright-core'

/** From a content to the page of who published it. */
export async function openCreator(page: Page): Promise<void> {
  await page.getByRole('article').first().locator('a[href^="/creator/"]').click()
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
}

/** Follows whose page it is, and waits until the chain says so. */
export async function followCreator(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: /^Follow / })
  await dialog.getByText('Network fee, about').waitFor()
  await dialog.getByRole('button', { name: 'Follow', exact: true }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Unfollow', exact: true }).waitFor()
}

/** Comments on the content that is shown. */
export async function commentOn(page: Page, text: string): Promise<void> {
  const comments = page.getByRole('region', { name: 'Comments' })
  await comments.getByLabel('Your comment').fill(text)
  await comments.getByText('Network fee, about').waitFor()
  await comments.getByRole('button', { name: 'Comment', exact: true }).click()
}

/** Waits until a comment is listed with its text. */
export async function readComment(page: Page, text: string): Promise<void> {
  await page.getByRole('region', { name: 'Comments' }).getByRole('listitem').getByText(text, { exact: true }).waitFor()
}
