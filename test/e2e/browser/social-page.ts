import type { Locator, Page } from 'playwright-core'

/** From a content to the page of who published it. */
export async function openCreator(page: Page): Promise<void> {
  await page.getByRole('article').first().locator('a[href^="/creator/"]').click()
  await page.getByRole('button', { name: 'Follow', exact: true }).waitFor()
}

/** Follows whose page it is, which is shown at once, and waits until it is settled. */
export async function followCreator(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Follow', exact: true }).click()
  await page.getByRole('button', { name: 'Unfollow', exact: true }).waitFor()
  await status(page, 'Following', 'Settled').waitFor()
}

/** The button by which the content that is shown is liked, or not any more. */
export function likeButton(page: Page): Locator {
  return page
    .getByRole('article')
    .first()
    .getByRole('button', { name: /likes?$/i })
}

/** How far something is that was said, by how that is announced. */
export function status(page: Page, what: string, words: 'On its way' | 'Settled'): Locator {
  return page.getByRole('status').filter({ hasText: what }).filter({ hasText: words })
}

/** Comments on the content that is shown. */
export async function commentOn(page: Page, text: string): Promise<void> {
  const comments = page.getByRole('region', { name: 'Comments' })
  await comments.getByLabel('Your comment').fill(text)
  await comments.getByRole('button', { name: 'Comment', exact: true }).click()
}

/** Waits until one's own comment is shown while it is on its way. */
export async function seeOwnComment(page: Page, text: string): Promise<void> {
  const own = page.getByRole('list', { name: 'Your comments on their way' }).getByRole('listitem')
  await own.filter({ hasText: 'On its way' }).getByText(text, { exact: true }).waitFor()
}

/** Waits until a comment is listed with its text. */
export async function readComment(page: Page, text: string): Promise<void> {
  const listed = page.getByRole('list', { name: 'Comments, the newest first' })
  await listed.getByRole('listitem').getByText(text, { exact: true }).waitFor()
}
