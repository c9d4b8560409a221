import type { Page } from 'playwright-core'
import { watchTexts } from './watch.ts'

export const PHASES = ['Encrypting and uploading', 'Sharing the key among keepers', 'Registering on the chain'] as const

/** A picture of noise, so that it does not compress: a few slices of PNG. */
export async function drawPicture(page: Page, side: number): Promise<Buffer> {
  const url = await page.evaluate((pixels) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = pixels
    const image = new ImageData(pixels, pixels)
    for (let at = 0; at < image.data.length; at += 1) image.data[at] = at % 4 === 3 ? 255 : Math.random() * 256
    canvas.getContext('2d')?.putImageData(image, 0, 0)
    return canvas.toDataURL('image/png')
  }, side)
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')
}

/** Publishes a picture for `price`. Returns the phases that the page showed, and the new content's id. */
export async function publishPicture(
  page: Page,
  { title, price, picture }: { title: string; price: string; picture: Buffer },
): Promise<{ phases: string[]; contentId: string }> {
  await page.getByRole('navigation').getByRole('link', { name: 'Publish' }).click()
  const file = { name: 'noise.png', mimeType: 'image/png', buffer: picture }
  await page.getByLabel(/^Drop a file here/).setInputFiles(file)
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('Description').fill('Every pixel is a throw of the dice.')
  await page.getByLabel('Price of a key').fill(price)
  await page.getByLabel('Needed to open').waitFor()
  const phases = await watchTexts(page, '[aria-current=step]', PHASES)
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByRole('heading', { name: 'Published' }).waitFor()
  const contentId = await page.locator('dl div', { hasText: 'Content id' }).locator('dd').first().innerText()
  return { phases: await phases(), contentId }
}
