import assert from 'node:assert/strict'
import { after, afterEach, before } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { Hex } from 'viem'
import { startDevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import type { DevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import { publishSamples } from '../../../scripts/dev-network/samples.ts'
import { launchBrowser, openProfile, openTab } from './browser.ts'
import type { Visitor } from './browser.ts'
import { installTestWallet } from './test-wallet.ts'
import type { TestWallet } from './test-wallet.ts'

/** Someone with a wallet that announces itself, not connected yet, on a first page. */
export type Guest = { readonly visitor: Visitor; readonly wallet: TestWallet; readonly page: Page }

/**
 * A dev network with its dApp, index and samples, and a browser, for the suite that calls it: both end with it. No test
 * passes after which something went wrong out of its visitors' sight.
 */
export function setStage() {
  const visitors: Visitor[] = []
  const ending = new AbortController()
  const undo: (() => Promise<void>)[] = []
  let network: DevNetwork
  let browser: Browser

  before(async () => {
    const { signal } = ending
    browser = await launchBrowser()
    undo.push(() => browser.close())
    network = await startDevNetwork({ app: true, index: true, port: 0, signal })
    undo.push(() => network.stop())
    await publishSamples(network, { signal, onStep: () => undefined })
  })
  after(async () => {
    ending.abort()
    for (const step of undo.reverse()) await step()
  })
  afterEach(() => {
    assert.deepEqual(
      visitors.flatMap(({ problems }) => problems),
      [],
      'nothing went wrong out of sight',
    )
  })

  /** Someone with a profile of their own. */
  async function visit(): Promise<Visitor> {
    const visitor = await openProfile(browser)
    visitors.push(visitor)
    return visitor
  }

  return {
    /** Known once the suite has begun. */
    network: (): DevNetwork => network,
    visit,
    /** @param url What they open, the dApp where it is left out. */
    async invite(account: { readonly privateKey: Hex }, url = network.appUrl ?? ''): Promise<Guest> {
      const visitor = await visit()
      const wallet = await installTestWallet(visitor.context, { ...account, rpcUrl: network.chain.rpcUrl })
      return { visitor, wallet, page: await openTab(visitor, url) }
    },
  }
}
