import type { Page } from 'playwright-core'
import { launchBrowser, openProfile, openTab } from '../../test/e2e/browser/browser.ts'
import { authorise, buyKey, player, timeFirstFrame } from '../../test/e2e/browser/content-page.ts'
import { openCard } from '../../test/e2e/browser/feed-page.ts'
import { installTestWallet } from '../../test/e2e/browser/test-wallet.ts'
import { connectWallet } from '../../test/e2e/browser/wallet-modal.ts'
import { devAccount } from '../dev-network/accounts.ts'
import { startDevNetwork } from '../dev-network/dev-network.ts'
import { publishSamples } from '../dev-network/samples.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { median } from './harness/statistics.ts'

const VIDEO = 'Slow light'
const RUNS = 7
const LIMIT_MS = 900_000
/** Seconds before the end of the video: what is there has not been fetched when playing starts. */
const FROM_END = 4

/** The dApp in Chromium on the dev network: from the click on Play to a frame, and from a seek to the frame there. */
export const stream: Measurement = {
  names: ['stream.first-frame', 'stream.seek'],
  limitMs: LIMIT_MS,
  async run(bench) {
    const page = await openVideo(bench)
    // The first time includes the authorisation on chain, and is the warm-up.
    await timeFirstFrame(page, () => authorise(page))
    const firstFrames: number[] = []
    const seeks: number[] = []
    for (let run = 0; run < RUNS; run += 1) {
      await page.getByRole('button', { name: 'Stop' }).click()
      const play = page.getByRole('button', { name: `Play ${VIDEO}` })
      firstFrames.push(await timeFirstFrame(page, () => play.click()))
      seeks.push(await timeSeek(page))
    }
    return [
      { name: 'stream.first-frame', value: median(firstFrames), unit: 'ms' },
      { name: 'stream.seek', value: median(seeks), unit: 'ms' },
    ]
  },
}

/** A page of the dApp with a video whose key has been bought. */
async function openVideo(bench: Bench): Promise<Page> {
  const network = await startDevNetwork({ app: true, port: 0, signal: bench.signal })
  bench.cleanup(() => network.stop())
  await publishSamples(network, { signal: bench.signal, onStep: () => undefined })
  const browser = await launchBrowser()
  bench.cleanup(() => browser.close())
  const visitor = await openProfile(browser)
  const wallet = await installTestWallet(visitor.context, {
    ...devAccount('consumer'),
    rpcUrl: network.chain.rpcUrl,
  })
  const page = await openTab(visitor, network.appUrl ?? '')
  await connectWallet(page, wallet.address)
  await openCard(page, VIDEO)
  await buyKey(page)
  return page
}

/** Milliseconds from setting the time to the first frame of it. */
function timeSeek(page: Page): Promise<number> {
  return player(page, VIDEO).evaluate(async (element, rest) => {
    const video = element as HTMLVideoElement
    const sought = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
    const started = performance.now()
    video.currentTime = video.duration - rest
    await sought
    return performance.now() - started
  }, FROM_END)
}
