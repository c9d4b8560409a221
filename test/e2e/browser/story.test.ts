import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { createPublicClient, createTestClient, http, isHex } from 'viem'
import { hardhat } from 'viem/chains'
import { createNodeClient } from '@sluice/node/api/client'
import { readChannel, readContent, readSessionExpiry } from '@sluice/sdk/chain'
import { devAccount } from '../../../scripts/dev-network/accounts.ts'
import type { DevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import { pairedUrl } from '../../../scripts/dev-network/summary.ts'
import { openTab } from './browser.ts'
import type { Visitor } from './browser.ts'
import {
  authorise,
  buyKey,
  playFast,
  playOn,
  player,
  readSettledFigures,
  seek,
  timeFirstFrame,
} from './content-page.ts'
import { claimAnyway, readEarnings } from './earnings-page.ts'
import { cardOf, chooseOrder, openCard, openFeed, readCards, searchFor } from './feed-page.ts'
import { openEarnings } from './income-page.ts'
import { keyTo, openKeys, transferKey } from './keys-page.ts'
import { inspectLooks } from './looks.ts'
import { PHASES, drawPicture, publishPicture } from './publish-page.ts'
import { commentOn, followCreator, likeButton, openCreator, readComment, seeOwnComment, status } from './social-page.ts'
import { setStage } from './stage.ts'
import type { TestWallet } from './test-wallet.ts'
import { connectWallet } from './wallet-modal.ts'
import { watchAnswers } from './watch.ts'

const VIDEO = 'Slow light'
const PICTURE = 'Noise'
const OTHER = 'Seahorse valley'
/** Text and nothing else, whatever it looks like. */
const COMMENT = 'Slower than I thought. <b>Well done!</b>'
const ANSWER = 'Thank you, it took a while.'
/** What the sample gives away. */
const PREVIEW_SLICES = 3
/** What every node of the dev network asks for a slice, in wei. */
const PRICE = 10n ** 12n
const SEEDING = ['seeder-1', 'seeder-2', 'creator'] as const
type SeedingNode = (typeof SEEDING)[number]
const CONSUMER = devAccount('consumer')
/** Nobody has let the creator's node speak for this account yet. */
const CREATOR = devAccount('consumer-2')

describe('the whole story, in a browser', { timeout: 480_000 }, () => {
  const stage = setStage()
  const { visit } = stage
  let network: DevNetwork
  let consumer: Visitor
  let page: Page
  let creatorPage: Page
  let seederPage: Page
  let wallet: TestWallet
  let creatorWallet: TestWallet

  before(async () => {
    network = stage.network()
    const guest = await stage.invite(CONSUMER)
    consumer = guest.visitor
    wallet = guest.wallet
    page = guest.page
  })

  it('shows what is published, with titles, prices and painted pictures', async () => {
    const cards = await readCards(page, [VIDEO, 'Seahorse valley', 'How a slice is paid'])
    assert.ok(cards.every(({ picture }) => picture > 0))
    assert.deepEqual(
      cards.map(({ text }) => /[\d.]+ ETH/.exec(text)?.[0]),
      ['0.002 ETH', '0.001 ETH', '0.0005 ETH'],
    )
  })

  it('plays a preview to who has no wallet, for nothing', async (t) => {
    const stranger = await visit()
    const tab = await openTab(stranger, network.appUrl ?? '')
    const answers = watchAnswers(tab, '/slices/')
    await openCard(tab, VIDEO)
    const play = tab.getByRole('button', { name: `Play preview of ${VIDEO}` })
    const firstFrame = await timeFirstFrame(tab, () => play.click())
    t.diagnostic(`preview to first frame: ${firstFrame.toFixed(0)} ms`)
    const shown = await playOn(player(tab, VIDEO), 1)
    assert.ok(shown.videoWidth > 0, JSON.stringify(shown))
    const figures = await readSettledFigures(tab, 0n)
    assert.ok(figures.slices > 0 && figures.slices <= PREVIEW_SLICES, JSON.stringify(figures.slices))
    assert.ok(answers.includes(206), 'by HTTP ranges')
    await tab.getByRole('region', { name: 'Get a key' }).waitFor()
    await stranger.context.close()
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

  it('shows who served what, and pays each slice exactly once, but those of the preview', async (t) => {
    const figures = await readSettledFigures(page, PRICE)
    assert.ok(figures.free > 0 && figures.free < figures.slices, `${figures.free} of ${figures.slices} for nothing`)
    const { sources } = figures
    t.diagnostic(`slices by source: ${sources.map(({ slices }) => slices).join(', ')}`)
    assert.ok(sources.length > 1, 'more than one source')
    assert.equal(
      sources.reduce((sum, { slices }) => sum + slices, 0),
      figures.slices,
    )
    assert.deepEqual(
      sources.map(({ paid }) => paid),
      sources.map(({ slices, free }) => BigInt(slices - free) * PRICE),
    )
    await page.getByRole('button', { name: 'Stop' }).click()
    const play = page.getByRole('button', { name: `Play ${VIDEO}` })
    const firstFrame = await timeFirstFrame(page, () => play.click())
    t.diagnostic(`play to first frame: ${firstFrame.toFixed(0)} ms`)
    await page.getByRole('button', { name: 'Stop' }).click()
  })

  it('counts a view when half of it was played, and asks the wallet for nothing', async () => {
    await page.getByText('0 views', { exact: true }).waitFor()
    const play = page.getByRole('button', { name: `Play ${VIDEO}` })
    await timeFirstFrame(page, () => play.click())
    const video = player(page, VIDEO)
    await playFast(video)
    const { duration } = await playOn(video, 1)
    await playOn(video, duration / 2)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByText('1 view', { exact: true }).waitFor()
    assert.equal(wallet.approved.length, 3)
  })

  it('publishes from the browser through the creator’s node, which may then grant copies', async () => {
    const creator = await stage.invite(CREATOR, pairedUrl(network.node('creator').node))
    creatorWallet = creator.wallet
    creatorPage = creator.page
    assert.equal(new URL(creatorPage.url()).hash, '', 'the token is out of sight')
    await connectWallet(creatorPage, creatorWallet.address)
    const picture = await drawPicture(creatorPage, 400)
    const { phases, contentId } = await publishPicture(creatorPage, { title: PICTURE, price: '0.003', picture })
    assert.deepEqual(phases, PHASES)
    assert.deepEqual(creatorWallet.approved, ['eth_requestAccounts', ...Array<string>(3).fill('eth_sendTransaction')])
    await assertPublished(contentId)

    await openFeed(creatorPage)
    const [card] = await readCards(creatorPage, [PICTURE])
    assert.match(card?.text ?? '', /0\.003 ETH/)
  })

  it('finds a content by a word of its title that is not written out yet', async () => {
    await openFeed(page)
    await readCards(page, [VIDEO, OTHER])
    await searchFor(page, 'ligh')
    await cardOf(page, OTHER).waitFor({ state: 'detached' })
    await readCards(page, [VIDEO])
    await searchFor(page, '')
    await readCards(page, [VIDEO, OTHER])
  })

  it('follows a creator, whose contents are then a feed', async () => {
    await openCard(page, VIDEO)
    await openCreator(page)
    const looks = await inspectLooks(page, 'creator')
    assert.deepEqual(looks, [])
    await cardOf(page, PICTURE).waitFor({ state: 'detached' })
    await followCreator(page)
    await page.getByText('1 follower').waitFor()
    await openFeed(page)
    await chooseOrder(page, 'Following')
    await cardOf(page, PICTURE).waitFor({ state: 'detached' })
    await readCards(page, [VIDEO, OTHER])
  })

  it('shows a like and a comment at once, still after a reload, and then settled, without a transaction', async () => {
    await openFeed(page)
    await openCard(page, VIDEO)
    await testClient().setAutomine(false)
    await likeButton(page).click()
    await status(page, 'Your like', 'On its way').waitFor()
    await page.getByRole('button', { name: '1 like', exact: true }).waitFor()
    await commentOn(page, COMMENT)
    await seeOwnComment(page, COMMENT)
    await page.reload()
    await status(page, 'Your like', 'On its way').waitFor()
    assert.equal(await likeButton(page).getAttribute('aria-pressed'), 'true')
    await seeOwnComment(page, COMMENT)
    const looks = await inspectLooks(page, 'pending')
    assert.deepEqual(looks, [])

    await testClient().setAutomine(true)
    await testClient().mine({ blocks: 1 })
    await status(page, 'Your like', 'Settled').waitFor()
    await page.getByRole('button', { name: '1 like', exact: true }).waitFor()
    await readComment(page, COMMENT)
    assert.deepEqual(wallet.approved, ['eth_requestAccounts', 'eth_sendTransaction', 'eth_sendTransaction'])
  })

  it('shows everyone a comment, by its block from whoever has it', async () => {
    const answers = watchAnswers(creatorPage, '/block/')
    await openCard(creatorPage, VIDEO)
    await readComment(creatorPage, COMMENT)
    assert.ok(answers.includes(200))
  })

  it('offers whoever has no session yet to send what it says with the wallet, and says what that costs', async () => {
    await likeButton(creatorPage).click()
    const offer = creatorPage.getByRole('dialog', { name: 'Like this' })
    await offer.getByText('This browser may not speak for your wallet yet.').waitFor()
    await offer.getByText('Network fee, about').waitFor()
    const looks = await inspectLooks(creatorPage, 'offer')
    assert.deepEqual(looks, [])
    await offer.getByRole('button', { name: 'Close' }).click()
    await offer.waitFor({ state: 'detached' })
    const before = creatorWallet.approved.length

    await commentOn(creatorPage, ANSWER)
    const comments = creatorPage.getByRole('region', { name: 'Comments' })
    await comments.getByText('Network fee, about').waitFor()
    assert.equal(await creatorPage.getByLabel('Your comment').inputValue(), ANSWER)
    await comments.getByRole('button', { name: 'Send it with the wallet' }).click()
    await readComment(creatorPage, ANSWER)
    // The list may have it before the form has heard of it.
    const field = await creatorPage.getByLabel('Your comment').elementHandle()
    await creatorPage.waitForFunction((element) => (element as HTMLTextAreaElement | null)?.value === '', field)
    assert.deepEqual(creatorWallet.approved.slice(before), ['eth_sendTransaction'])
  })

  it('shows a seeder what it earned, and claims it', async () => {
    const name = await busiestNode()
    seederPage = await openTab(await visit(), pairedUrl(network.node(name).node))
    assert.equal(new URL(seederPage.url()).hash, '', 'the token is out of sight')
    await openEarnings(seederPage)
    await seederPage.getByRole('region', { name: 'By content' }).getByRole('link', { name: VIDEO }).waitFor()
    const earned = await readEarnings(seederPage)
    assert.match(earned.byContent, /\d slices? served/)
    assert.match(earned.byChannel, /Not worth the gas yet/)
    assert.equal(earned.notWorthGas, earned.accepted, 'nothing was claimed so far')

    const amounts = await claimAnyway(seederPage)
    assert.deepEqual(amounts, [earned.accepted])
    assert.equal((await readEarnings(seederPage)).claimed, earned.accepted)
    assert.equal(await claimedOnChain(name), earned.accepted)
  })

  it('hands a key on, after which it opens nothing here any more', async () => {
    const stale = await openTab(consumer, page.url())
    const play = stale.getByRole('button', { name: `Play ${VIDEO}` })
    await play.waitFor()

    await page.bringToFront()
    await openKeys(page)
    await transferKey(page, VIDEO, CREATOR.address)
    await stale.bringToFront()
    await play.click()
    await stale.getByRole('alert').getByText('This wallet holds no key for the content').waitFor()
    await stale.reload()
    await stale.getByRole('region', { name: 'Get a key' }).waitFor()
    assert.equal(await play.count(), 0)
    await stale.close()

    await openKeys(creatorPage)
    await keyTo(creatorPage, VIDEO).waitFor()
  })

  it('looks right on a phone and in the dark, and shuts nobody out', async () => {
    await openFeed(page)
    await readCards(page, [VIDEO, PICTURE])
    const feed = await inspectLooks(page, 'feed')
    await openCard(page, VIDEO)
    const content = await inspectLooks(page, 'content')
    await creatorPage.getByRole('navigation').getByRole('link', { name: 'Publish' }).click()
    await creatorPage.getByLabel('Needed to open').waitFor()
    const publish = await inspectLooks(creatorPage, 'publish')
    const earnings = await inspectLooks(seederPage, 'earnings')
    assert.deepEqual([...feed, ...content, ...publish, ...earnings], [])
  })

  async function assertPublished(contentId: string): Promise<void> {
    assert.ok(isHex(contentId))
    const { content } = await readContent(chain(), { contracts: network.chain.contracts, contentId })
    assert.equal(content.creator, CREATOR.address)
    const { session } = await api('creator').status()
    const contracts = { contracts: network.chain.contracts, payer: CREATOR.address, session }
    assert.ok((await readSessionExpiry(chain(), contracts)) > BigInt(Math.floor(Date.now() / 1000)))
  }

  /** The node that was promised the most: which of them a player draws from is up to chance. */
  async function busiestNode(): Promise<SeedingNode> {
    const promised = await Promise.all(SEEDING.map(async (name) => (await api(name).earnings()).totals.accepted))
    return (
      SEEDING.toSorted((a, b) => Number(promised[SEEDING.indexOf(b)]) - Number(promised[SEEDING.indexOf(a)]))[0] ??
      'seeder-1'
    )
  }

  async function claimedOnChain(name: SeedingNode): Promise<bigint> {
    const { contracts } = network.chain
    const channels = await api(name).channels('payee')
    const standings = await Promise.all(channels.map(({ channelId }) => readChannel(chain(), { contracts, channelId })))
    return standings.reduce((sum, { claimed }) => sum + claimed, 0n)
  }

  function chain() {
    return createPublicClient({ chain: hardhat, transport: http(network.chain.rpcUrl) })
  }

  function testClient() {
    return createTestClient({ chain: hardhat, mode: 'hardhat', transport: http(network.chain.rpcUrl) })
  }

  function api(name: SeedingNode) {
    const { apiUrl, apiToken } = network.node(name).node
    return createNodeClient({ url: apiUrl, token: apiToken })
  }
})
