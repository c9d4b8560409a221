import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { refuses } from '../support/assertions.ts'
import { NATIVE, networkHelpers, viem } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'
import { createEdition } from '../support/keys.ts'
import { deployMarket, list, UNIT_PRICE } from '../support/market.ts'
import { signPermit } from '../support/permit.ts'

const { loadFixture } = networkHelpers

type Permit = { deadline: bigint; v: number; r: Hex; s: Hex }
type Account = Sluice['payer']['account']

/** A permit lies open in the mempool: anyone can submit it first, or put it into a call of their own. */
async function permitted() {
  const resale = await deployMarket()
  const { keys, market, token, contentId, editionId, sellerAddress } = resale
  await list(resale, { token: token.address })
  const { editionId: forSale } = await createEdition(resale, contentId, { price: UNIT_PRICE, token: token.address })
  const ofKeys = (account: Account, { deadline, v, r, s }: Permit) => {
    const order = [forSale, 1n, account.address, NATIVE, UNIT_PRICE, 1] as const
    return keys.write.buyWithPermit([...order, deadline, v, r, s], { account })
  }
  const ofMarket = (account: Account, { deadline, v, r, s }: Permit) => {
    const order = [editionId, sellerAddress, 1n, account.address, token.address, UNIT_PRICE, 1] as const
    return market.write.buyWithPermit([...order, deadline, v, r, s], { account })
  }
  const sales = [
    { spender: keys.address, edition: forSale, buy: ofKeys },
    { spender: market.address, edition: editionId, buy: ofMarket },
  ]
  return { ...resale, forSale, sales }
}

type Permitted = Awaited<ReturnType<typeof permitted>>

const without = (spender: Address) => [getAddress(spender), 0n, UNIT_PRICE] as const

describe('bug class: a permit is used before its purchase', () => {
  it('sells all the same where somebody submitted the permit first', async () => {
    const world = await loadFixture(permitted)
    const { keys, token, buyer, buyerAddress, other, sales } = world
    for (const { spender, edition, buy } of sales) {
      const permit = await signPermit(world, spender, UNIT_PRICE)
      const { deadline, v, r, s } = permit
      const args = [buyerAddress, spender, UNIT_PRICE, deadline, v, r, s] as const
      await token.write.permit(args, { account: other.account })
      await buy(buyer.account, permit)
      assert.equal(await keys.read.balanceOf([buyerAddress, edition]), 1n)
      assert.equal(await token.read.allowance([buyerAddress, spender]), 0n)
    }
  })

  it('sells nothing to who puts another’s permit into a purchase of its own, and the permit stays good', async () => {
    const world = await loadFixture(permitted)
    const { token, buyer, buyerAddress, other, sales } = world
    for (const { spender, buy } of sales) {
      const permit = await signPermit(world, spender, UNIT_PRICE)
      await refuses(buy(other.account, permit), token, 'ERC20InsufficientAllowance', [...without(spender)])
      assert.equal(await token.read.allowance([buyerAddress, spender]), 0n)
      await buy(buyer.account, permit)
    }
  })

  it('sells nothing by a permit for less, for another spender, or used up', async () => {
    const world = await loadFixture(permitted)
    const { token, buyer, sales } = world
    for (const { spender, buy } of sales) {
      for (const permit of [
        await signPermit(world, spender, UNIT_PRICE - 1n),
        await signPermit(world, token.address, UNIT_PRICE),
      ]) {
        await refuses(buy(buyer.account, permit), token, 'ERC20InsufficientAllowance', [...without(spender)])
      }
      const permit = await signPermit(world, spender, UNIT_PRICE)
      await buy(buyer.account, permit)
      await refuses(buy(buyer.account, permit), token, 'ERC20InsufficientAllowance', [...without(spender)])
    }
  })

  it('sells by an allowance where the token knows no permit', async () => {
    const world = await loadFixture(permitted)
    const { keys, market, contentId, buyer, buyerAddress, editionId } = world
    const silent = await viem.deployContract('SilentToken')
    const { account } = buyer
    await silent.write.mint([buyerAddress, 2n * UNIT_PRICE])
    for (const spender of [keys.address, market.address]) await silent.write.approve([spender, UNIT_PRICE], { account })
    const permit = await signPermit(world, keys.address, UNIT_PRICE)
    const { editionId: inSilent } = await createEdition(world, contentId, { price: UNIT_PRICE, token: silent.address })
    await list(world, { token: silent.address })
    await buyKey(world, inSilent, permit)
    await buyListed(world, silent.address, permit)
    assert.deepEqual(
      await keys.read.balanceOfBatch([
        [buyerAddress, buyerAddress],
        [inSilent, editionId],
      ]),
      [1n, 1n],
    )
  })

  it('takes no native coin by permit', async () => {
    const world = await loadFixture(permitted)
    const { keys, market, contentId } = world
    const permit = await signPermit(world, keys.address, UNIT_PRICE)
    const { editionId: native } = await createEdition(world, contentId, { price: UNIT_PRICE })
    await list(world)
    await refuses(buyKey(world, native, permit), keys, 'Credits_ValueMismatch', [0n, UNIT_PRICE])
    await refuses(buyListed(world, NATIVE, permit), market, 'Credits_ValueMismatch', [0n, UNIT_PRICE])
  })

  it('says so where price and quantity are more than a permit can cover', async () => {
    const world = await loadFixture(permitted)
    const { keys, market, token, editionId, forSale, buyer, buyerAddress, sellerAddress } = world
    const { deadline, v, r, s } = await signPermit(world, keys.address, UNIT_PRICE)
    const { account } = buyer
    for (const [most, quantity] of [
      [2n ** 255n, 2n],
      [2n, 2n ** 255n],
    ] as const) {
      const sale = [forSale, quantity, buyerAddress, NATIVE, most, 1, deadline, v, r, s] as const
      await refuses(keys.write.buyWithPermit(sale, { account }), keys, 'Credits_CostTooLarge', [most, quantity])
      const what = [editionId, sellerAddress, quantity, buyerAddress, token.address] as const
      const resale = market.write.buyWithPermit([...what, most, 1, deadline, v, r, s], { account })
      await refuses(resale, market, 'Credits_CostTooLarge', [most, quantity])
    }
  })
})

function buyKey({ keys, buyer }: Permitted, editionId: bigint, { deadline, v, r, s }: Permit) {
  const { account } = buyer
  const order = [editionId, 1n, account.address, NATIVE, UNIT_PRICE, 1] as const
  return keys.write.buyWithPermit([...order, deadline, v, r, s], { account })
}

function buyListed(world: Permitted, token: Address, { deadline, v, r, s }: Permit) {
  const { market, editionId, sellerAddress, buyer } = world
  const { account } = buyer
  const order = [editionId, sellerAddress, 1n, account.address, token, UNIT_PRICE, 1] as const
  return market.write.buyWithPermit([...order, deadline, v, r, s], { account })
}
