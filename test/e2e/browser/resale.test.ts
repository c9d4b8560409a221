import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import type { Page } from 'playwright-core'
import { createPublicClient, createTestClient, createWalletClient, http, parseEther, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { listKey, readEditions, readKey, readKeyCredits, readListing, readMarketCredits } from '@sluice/sdk/chain'
import type { Edition } from '@sluice/sdk/chain'
import { devAccount } from '../../../scripts/dev-network/accounts.ts'
import type { Role } from '../../../scripts/dev-network/accounts.ts'
import type { DevNetwork } from '../../../scripts/dev-network/dev-network.ts'
import { buyKey } from './content-page.ts'
import { openCard, openFeed, readCards } from './feed-page.ts'
import { openEarnings, readIncome, readOwed, withdraw } from './income-page.ts'
import { keyTo, openKeys } from './keys-page.ts'
import { inspectLooks } from './looks.ts'
import { buyOfHolder, offerKey, readOffers, takeBack } from './resale-page.ts'
import { setStage } from './stage.ts'
import { connectWallet } from './wallet-modal.ts'

const VIDEO = 'Slow light'
const PRICE = parseEther('0.002')
const RESALE = parseEther('0.01')

describe('resale and income, in a browser', { timeout: 480_000 }, () => {
  const stage = setStage()
  let network: DevNetwork
  let holder: Page
  let buyer: Page
  let creator: Page
  let edition: Edition

  before(async () => {
    network = stage.network()
    holder = await arrive('consumer')
    buyer = await arrive('consumer-2')
    creator = await arrive('creator')
  })

  /** A profile of its own, with a wallet that is connected. */
  async function arrive(role: Role): Promise<Page> {
    const { page, wallet } = await stage.invite(devAccount(role))
    await connectWallet(page, wallet.address)
    return page
  }
  const transport = () => http(network.chain.rpcUrl)
  const chain = () => createPublicClient({ chain: hardhat, transport: transport() })
  const addressOf = (role: Role) => devAccount(role).address

  it('offers a key for sale, which everybody sees at its price on the chain', async () => {
    await openCard(holder, VIDEO)
    const contentId = new URL(holder.url()).searchParams.get('id') as `0x${string}`
    const editions = await readEditions(chain(), { contracts: network.chain.contracts, contentId })
    edition = editions[0] ?? assert.fail('there is no edition')
    await buyKey(holder)
    await openKeys(holder)
    await offerKey(holder, VIDEO, '0.01')
    assert.deepEqual(await inspectLooks(holder, 'keys'), [])
    await openCard(buyer, VIDEO)
    assert.match(await readOffers(buyer, '0.01 ETH'), /1 key, until .*\d{4}/)
    assert.deepEqual(await inspectLooks(buyer, 'offers'), [])
  })

  it('takes an offer back, which is then offered no more', async () => {
    await openKeys(holder)
    await takeBack(holder, VIDEO)
    const seller = addressOf('consumer')
    const place = { contracts: network.chain.contracts, editionId: edition.editionId, seller }
    assert.equal(await readListing(chain(), place), undefined)
    await offerKey(holder, VIDEO, '0.01')
  })

  it('does not sell at a price that the seller has raised meanwhile', async () => {
    await openFeed(buyer)
    await openCard(buyer, VIDEO)
    await readOffers(buyer, '0.01 ETH')
    await buyer.getByRole('button', { name: 'Buy this key' }).click()
    const dialog = buyer.getByRole('dialog', { name: 'Buy a key of a holder' })
    // The price is among the costs once they have been reckoned, at what was still asked then.
    await dialog.getByText('Price', { exact: true }).waitFor()
    await raise(RESALE * 2n)
    await dialog.getByRole('button', { name: 'Buy for 0.01 ETH' }).click()
    await dialog.getByRole('alert').getByText('The price changed').waitFor()
    await raise(RESALE)
    await dialog.getByRole('button', { name: 'Close' }).click()
  })

  it('sells the key of a holder, who then has it no more', async () => {
    await openFeed(buyer)
    await openCard(buyer, VIDEO)
    await buyOfHolder(buyer, '0.01 ETH')
    const held = { contracts: network.chain.contracts, editionId: edition.editionId }
    assert.equal((await readKey(chain(), { ...held, holder: addressOf('consumer-2') })).balance, 1n)
    await openKeys(holder)
    await holder.reload()
    await holder.getByRole('heading', { name: 'No keys yet' }).waitFor()
    await openKeys(buyer)
    await keyTo(buyer, VIDEO).waitFor()
  })

  it('shows what keys brought in by day, in sums that are the chain’s, and pays them out', async () => {
    await openEarnings(creator)
    const royalty = (RESALE * BigInt(edition.terms.royaltyBps)) / 10_000n
    const sold = await readIncome(creator, 'Keys sold')
    const royalties = await readIncome(creator, 'Royalties')
    assert.deepEqual([sold.total, royalties.total], [PRICE, royalty])
    // One day, or two where midnight came between them.
    assert.equal(
      sold.days.reduce((sum, day) => sum + day, 0n),
      PRICE + royalty,
    )
    const owed = { contracts: network.chain.contracts, account: addressOf('creator'), token: zeroAddress }
    const credits = async () => (await readKeyCredits(chain(), owed)) + (await readMarketCredits(chain(), owed))
    assert.equal(await readOwed(creator), await credits())
    assert.equal(await credits(), PRICE + royalty)
    assert.deepEqual(await inspectLooks(creator, 'income'), [])
    await withdraw(creator)
    assert.equal(await credits(), 0n)

    await openEarnings(holder)
    assert.equal((await readIncome(holder, 'Keys resold')).total, RESALE - royalty)
  })

  it('says how far an index is behind that reads the chain no more', async () => {
    await openFeed(holder)
    await readCards(holder, [VIDEO])
    // What the index says of itself stands still, as if it did.
    await holder.route(network.indexUrl ?? '', async (route) => {
      const asked = route.request().postDataJSON() as { query: string } | null
      if (asked?.query.startsWith('query Head') !== true) return route.continue()
      await route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        json: { data: { _meta: { block: { number: 1 } } } },
      })
    })
    await createTestClient({ chain: hardhat, mode: 'hardhat', transport: transport() }).mine({ blocks: 20 })
    await holder.reload()
    await holder
      .getByRole('status')
      .getByText(/^The index is \d+ blocks behind the chain$/)
      .waitFor()
    await readCards(holder, [VIDEO])
    assert.deepEqual(await inspectLooks(holder, 'behind'), [])
  })

  /** The holder replaces its offer, behind everybody's back. */
  async function raise(unitPrice: bigint): Promise<void> {
    const account = privateKeyToAccount(devAccount('consumer').privateKey)
    const client = createWalletClient({ account, chain: hardhat, transport: transport() })
    const expiry = (await chain().getBlock()).timestamp + 86_400n
    await listKey(client, { contracts: network.chain.contracts, editionId: edition.editionId, unitPrice, expiry })
  }
})
