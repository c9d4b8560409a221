import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

const SIZES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const
const THEMES = ['light', 'dark'] as const
/** Set it to a directory to look at the pages yourself. */
const SCREENSHOTS = process.env['SLUICE_SCREENSHOTS']

/** Looks at a page in both sizes and themes. Returns what would shut someone out, and what does not fit the screen. */
export async function inspectLooks(page: Page, name: string): Promise<string[]> {
  const found: string[] = []
  // A page behind another is drawn about once a second.
  await page.bringToFront()
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const colorScheme of THEMES) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await page.evaluate(settle)
      const label = `${name}-${size}-${colorScheme}`
      if (SCREENSHOTS !== undefined) await photograph(page, label, SCREENSHOTS)
      found.push(...(await inspect(page)).map((problem) => `${label}: ${problem}`))
    }
  }
  return found
}

async function inspect(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  return [
    ...grave.flatMap(({ id, nodes }) =>
      nodes.map(({ target, any }) => `${id} at ${target.join(' ')}: ${any[0]?.message}`),
    ),
    ...(wide > 0 ? [`${String(wide)} pixels too wide`] : []),
  ]
}

async function photograph(page: Page, label: string, directory: string): Promise<void> {
  await mkdir(directory, { recursive: true })
  await page.screenshot({ path: join(directory, `${label}.png`), fullPage: true })
}

/** Resolves when no colour is on its way to another any more; runs in the page. */
async function settle(): Promise<void> {
  const running = () => document.getAnimations().filter((animation) => animation instanceof CSSTransition)
  do {
    await Promise.allSettled(running().map(({ finished }) => finished))
    await new Promise(requestAnimationFrame)
    await new Promise(requestAnimationFrame)
  } while (running().length > 0)
}
