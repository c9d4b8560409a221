import type { Locator, Page } from 'playwright-core'
import { parseEther } from 'viem'
import { inTime } from './in-time.ts'
import { watchTexts } from './watch.ts'

/** What the live panel says at one moment; amounts in wei. */
export type LiveFigures = {
  readonly slices: number
  /** Of those, slices that cost nothing: they are public. */
  readonly free: number
  readonly paid: bigint
  readonly sources: readonly { readonly slices: number; readonly free: number; readonly paid: bigint }[]
}

/** Buys the one key that is offered. Returns the states that the transaction passed through, in order. */
export async function buyKey(page: Page): Promise<string[]> {
  const panel = page.getByRole('region', { name: 'Get a key' })
  await panel.getByText('Network fee, about').waitFor()
  await panel
    .getByText(/\d ETH/)
    .last()
    .waitFor()
  const states = await watchTexts(page, 'main [role=status]', ['Confirm in your wallet', 'Waiting for the chain'])
  await panel.getByRole('button', { name: /^Buy for/ }).click()
  await page.getByRole('region', { name: 'You have a key' }).waitFor()
  return states()
}

/** Sets the budget that the page proposes; it then plays by itself. */
export async function authorise(page: Page): Promise<void> {
  const panel = page.getByRole('region', { name: 'You have a key' })
  await panel.getByText('Network fee, about').waitFor()
  await panel.getByRole('button', { name: 'Authorise and play' }).click()
}

/** Runs `start` and returns the milliseconds from the click in it to the first frame that the video shows. */
export async function timeFirstFrame(page: Page, start: () => Promise<void>): Promise<number> {
  const measured = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let clicked = 0
        document.addEventListener('click', () => (clicked = performance.now()), { once: true, capture: true })
        const observer = new MutationObserver(() => {
          const video = document.querySelector('video')
          if (video === null) return
          observer.disconnect()
          video.requestVideoFrameCallback((now) => resolve(now - clicked))
        })
        observer.observe(document.body, { childList: true, subtree: true })
      }),
  )
  await start()
  return inTime(page, 'The first frame', measured)
}

export function player(page: Page, title: string): Locator {
  return page.locator(`video[aria-label="${title}"]`)
}

/** Waits until the video has played `seconds` on from where it is, and returns what it is by then. */
export async function playOn(video: Locator, seconds: number) {
  const played = video.evaluate(async (element, length) => {
    const media = element as HTMLVideoElement
    const from = media.currentTime
    await new Promise<void>((resolve) => {
      media.addEventListener('timeupdate', () => {
        if (media.currentTime >= from + length || media.ended) resolve()
      })
    })
    const { currentTime, duration, readyState, videoWidth } = media
    return { from, currentTime, duration, readyState, videoWidth }
  }, seconds)
  return inTime(video.page(), 'Playing on', played)
}

/** Plays at four times its pace from now on. */
export async function playFast(video: Locator): Promise<void> {
  await video.evaluate((element) => ((element as HTMLMediaElement).playbackRate = 4))
}

export async function seek(video: Locator, fromEnd: number): Promise<void> {
  const sought = video.evaluate(async (element, rest) => {
    const media = element as HTMLVideoElement
    const done = new Promise((resolve) => media.addEventListener('seeked', resolve, { once: true }))
    media.currentTime = media.duration - rest
    await done
  }, fromEnd)
  await inTime(video.page(), 'Seeking', sought)
}

/** The live panel's figures, once everything that was fetched and has a price is paid at `price` a slice. */
export async function readSettledFigures(page: Page, price: bigint): Promise<LiveFigures> {
  const panel = page.getByRole('region', { name: 'Live' })
  const figures = await readFigures(panel)
  if (figures.slices > 0 && figures.paid === BigInt(figures.slices - figures.free) * price) return figures
  const text = await panel.innerText()
  await page.waitForFunction(
    ([label, before]) => document.querySelector<HTMLElement>(`section[aria-label="${label}"]`)?.innerText !== before,
    ['Live', text] as const,
  )
  return readSettledFigures(page, price)
}

async function readFigures(panel: Locator): Promise<LiveFigures> {
  const [text, rows] = await panel.evaluate(
    (element) =>
      [(element as HTMLElement).innerText, Array.from(element.querySelectorAll('li'), (row) => row.innerText)] as const,
  )
  const freeIn = (words: string): number => Number(/(\d+)(?: slices?)? for nothing/.exec(words)?.[1] ?? 0)
  return {
    slices: Number(/Slices\s+(\d+)/.exec(text)?.[1] ?? 0),
    free: freeIn(text),
    paid: parseAmount(/Paid\s+([\d.]+ ETH)/.exec(text)?.[1]),
    sources: rows.map((row) => ({
      slices: Number(/(\d+) slice/.exec(row)?.[1] ?? 0),
      free: freeIn(row),
      paid: parseAmount(/([\d.]+ ETH)$/.exec(row.trim())?.[1]),
    })),
  }
}

/** An amount as the dApp writes it, in wei. */
export function parseAmount(text: string | undefined): bigint {
  return parseEther(/[\d.]+/.exec(text ?? '')?.[0] ?? '0')
}
