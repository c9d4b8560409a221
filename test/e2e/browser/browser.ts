import { chromium } from 'playwright-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { CHROMIUM, requireProgram } from '../../../scripts/lib/system.ts'

/** No GPU, no traffic of its own; a name other than this machine's does not even resolve. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]
const WAIT_MS = 20_000

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await requireProgram(CHROMIUM), args: FLAGS })
}

/** Someone's browser profile, and what went wrong in it that nobody may see: console errors, exceptions, other hosts. */
export type Visitor = { readonly context: BrowserContext; readonly problems: readonly string[] }

export async function openProfile(browser: Browser): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce' })
  context.setDefaultTimeout(WAIT_MS)
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (event) => problems.push(`exception: ${event.error().message}`))
  context.on('request', (request) => noteForeign(request.url(), problems))
  context.on('page', (page) => page.on('websocket', (socket) => noteForeign(socket.url(), problems)))
  return { context, problems }
}

/** Opens `url` in a new tab and waits until the node that serves it has said which chain it is on. */
export async function openTab({ context }: Visitor, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByText('Served by node').waitFor()
  return page
}

function noteForeign(address: string, problems: string[]): void {
  const { protocol, hostname } = new URL(address)
  if (protocol === 'blob:' || protocol === 'data:' || hostname === '127.0.0.1') return
  problems.push(`request to another host: ${address}`)
}
