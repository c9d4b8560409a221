import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refuses } from '../support/assertions.ts'
import { farAhead } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, viem } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers
const PRICE = 10_000n
const EDITION = 1n

/** A market over keys whose royalty is not bounded: ERC-2981 bounds none. */
async function greedy() {
  const sluice = await deploySluice()
  const keys = await viem.deployContract('GreedyKeys', [sluice.creator.account.address])
  const market = await viem.deployContract('KeyMarket', [keys.address])
  const { account } = sluice.stranger
  await market.write.list([EDITION, 10n, PRICE, NATIVE, await farAhead()], { account })
  const [seller, creator] = [account.address, sluice.creator.account.address]
  const buy = (quantity: bigint) => {
    const { account: buyer } = sluice.payer
    const order = [EDITION, seller, quantity, buyer.address, NATIVE, PRICE, 1] as const
    return market.write.buy(order, { account: buyer, value: PRICE * quantity })
  }
  const credits = () => Promise.all([creator, seller].map((account) => market.read.creditOf([account, NATIVE])))
  return { ...sluice, greedyKeys: keys, greedyMarket: market, seller, buy, credits }
}

describe('bug class: a royalty above the price', () => {
  it('gives the creator all of a price that is all royalty, and the seller nothing', async () => {
    const { greedyKeys, buy, credits } = await loadFixture(greedy)
    await greedyKeys.write.setRoyalty([10_000n])
    await buy(1n)
    assert.deepEqual(await credits(), [PRICE, 0n])
  })

  it('refuses one unit more, and touches neither listing nor money', async () => {
    const { greedyKeys, greedyMarket, seller, client, buy, credits } = await loadFixture(greedy)
    await greedyKeys.write.setRoyalty([10_001n])
    await refuses(buy(1n), greedyMarket, 'KeyMarket_RoyaltyTooHigh', [PRICE + 1n, PRICE])
    await refuses(buy(3n), greedyMarket, 'KeyMarket_RoyaltyTooHigh', [3n * (PRICE + 1n), 3n * PRICE])
    assert.deepEqual(await credits(), [0n, 0n])
    assert.equal((await greedyMarket.read.listingOf([EDITION, seller]))[1], 10n)
    assert.equal(await client.getBalance({ address: greedyMarket.address }), 0n)
  })

  it('cannot come from our own keys, whose royalty is half the price at most', async () => {
    const sluice = await loadFixture(greedy)
    const { keys, creator } = sluice
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { royaltyBps: 5000 })
    for (const price of [0n, 1n, 3n, 2n ** 160n]) {
      const [receiver, royalty] = await keys.read.royaltyInfo([editionId, price])
      assert.equal(receiver.toLowerCase(), creator.account.address.toLowerCase())
      assert.equal(royalty, price / 2n)
    }
    const create = createEdition(sluice, contentId, { royaltyBps: 5001 }).then(({ hash }) => hash)
    await refuses(create, keys, 'ContentKeys_RoyaltyTooHigh', [5001n, 5000n])
  })
})
