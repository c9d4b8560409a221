import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { createNodeClient } from '@sluice/node/api/client'
import { devAccount } from '../../../scripts/dev-network/accounts.ts'
import { startDevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import type { DevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import { publishSamples } from '../../../scripts/dev-network/samples.ts'
import { launchBrowser, openProfile, openTab } from './browser.ts'
import type { Visitor } from './browser.ts'
import { authorise, buyKey, playOn, player, readSettledFigures, seek, timeFirstFrame } from './content-page.ts'
import type { LiveFigures } from './content-page.ts'
import { openCard, readCards } from './feed-page.ts'
import { installTestWallet } from './test-wallet.ts'
import type { TestWallet } from './test-wallet.ts'
import { connectWallet } from './wallet-modal.ts'

const VIDEO = 'Slow light'
const CONSUMER = devAccount('consumer')

describe('the whole story, in a browser', { timeout: 150_000 }, () => {
  const visitors: Visitor[] = []
  const ending = new AbortController()
  let network: DevNetwork
  let browser: Browser
  let page: Page
  let wallet: TestWallet

  before(async () => {
    const { signal } = ending
    ;[network, browser] = await Promise.all([startDevNetwork({ app: true, port: 0, signal }), launchBrowser()])
    await publishSamples(network, { signal, onStep: () => undefined })
    const consumer = await visit()
    wallet = await installTestWallet(consumer.context, { ...CONSUMER, rpcUrl: network.chain.rpcUrl })
    page = await openTab(consumer, network.appUrl ?? '')
  })
  after(async () => {
    ending.abort()
    await browser.close()
    await network.stop()
  })
  afterEach(() => {
    assert.deepEqual(
      visitors.flatMap(({ problems }) => problems),
      [],
      'nothing went wrong out of sight',
    )
  })

  async function visit(): Promise<Visitor> {
    const visitor = await openProfile(browser)
    visitors.push(visitor)
    return visitor
  }

  it('shows what is published, with titles, prices and painted pictures', async () => {
    const cards = await readCards(page, [VIDEO, 'Seahorse valley', 'How a slice is paid'])
    assert.ok(cards.every(({ picture }) => picture > 0))
    assert.deepEqual(
      cards.map(({ text }) => /[\d.]+ ETH/.exec(text)?.[0]),
      ['0.002 ETH', '0.001 ETH', '0.0005 ETH'],
    )
  })

  it('connects a wallet that announces itself', async () => {
    await connectWallet(page, wallet.address)
    assert.deepEqual(wallet.approved, ['eth_requestAccounts'])
  })

  it('sells a key, and says what it costs and how far it is', async () => {
    await openCard(page, VIDEO)
    const states = await buyKey(page)
    assert.deepEqual(states.slice(0, 2), ['Confirm in your wallet', 'Waiting for the chain'])
    assert.equal(wallet.approved.length, 2)
  })

  it('plays after one confirmation, from any place', async (t) => {
    const firstFrame = await timeFirstFrame(page, () => authorise(page))
    t.diagnostic(`authorise and play to first frame: ${firstFrame.toFixed(0)} ms`)
    const video = player(page, VIDEO)
    const started = await playOn(video, 1)
    assert.ok(started.readyState >= 3 && started.videoWidth > 0, JSON.stringify(started))
    await seek(video, 4)
    const sought = await playOn(video, 1)
    assert.ok(sought.from >= sought.duration - 4.5, JSON.stringify(sought))
    assert.equal(wallet.approved.length, 3)
  })

  it('shows who served what, and pays each exactly its price', async () => {
    const figures = await readSettledFigures(page, 10n ** 12n)
    console.log(figures)
  })
})
