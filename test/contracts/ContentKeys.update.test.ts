import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import { emits, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from './support/fixture.ts'
import type { Sluice } from './support/fixture.ts'
import { createEdition, publish, SLICES } from './support/keys.ts'
import type { Terms } from './support/keys.ts'
import { signPermit } from './support/permit.ts'

const { loadFixture } = networkHelpers
const PRICE = 1000n

async function published() {
  const sluice = await deploySluice()
  return { ...sluice, ...(await publish(sluice)) }
}

type Published = Awaited<ReturnType<typeof published>>

const edition = (sluice: Published, change: Partial<Terms> = {}) =>
  createEdition(sluice, sluice.contentId, { price: PRICE, ...change })

function update({ keys, creator }: Sluice, editionId: bigint, price: bigint, maxSupply: bigint) {
  return keys.write.updateEdition([editionId, price, maxSupply], { account: creator.account })
}

function redeal({ keys, creator }: Sluice, editionId: bigint, epoch: number, hash = randomHex()) {
  return keys.write.setLockbox([editionId, epoch, hash], { account: creator.account })
}

type Purchase = { epoch?: number; value?: bigint; maxPrice?: bigint }

/** The payer buys one key, having verified the lockbox of `epoch`. */
function buy(
  { keys, payer }: Sluice,
  editionId: bigint,
  { epoch = 1, value = PRICE, maxPrice = value }: Purchase = {},
) {
  const { account } = payer
  return keys.write.buy([editionId, 1n, account.address, NATIVE, maxPrice, epoch], { account, value })
}

describe('ContentKeys: the lockbox of a purchase', () => {
  it('sells with the lockbox that the buyer verified, and with no other', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const { editionId } = await edition(sluice)
    await refuses(buy(sluice, editionId, { epoch: 0 }), keys, 'ContentKeys_EpochMismatch', [editionId, 0, 1])
    await redeal(sluice, editionId, 3)
    for (const epoch of [1, 2, 4]) {
      await refuses(buy(sluice, editionId, { epoch }), keys, 'ContentKeys_EpochMismatch', [editionId, epoch, 3])
    }
    await buy(sluice, editionId, { epoch: 3 })
    assert.equal((await keys.read.editionOf([editionId])).sold, 1n)
  })

  it('pins the lockbox of a purchase by permit as well', async () => {
    const sluice = await loadFixture(published)
    const { keys, token, payer } = sluice
    const { account } = payer
    const { editionId } = await edition(sluice, { token: token.address })
    await token.write.mint([account.address, PRICE])
    const { deadline, v, r, s } = await signPermit(sluice, keys.address, PRICE)
    const order = (epoch: number) =>
      keys.write.buyWithPermit([editionId, 1n, account.address, NATIVE, PRICE, epoch, deadline, v, r, s], { account })
    await redeal(sluice, editionId, 2)
    await refuses(order(1), keys, 'ContentKeys_EpochMismatch', [editionId, 1, 2])
    await order(2)
    assert.equal(await keys.read.balanceOf([account.address, editionId]), 1n)
  })

  it('keeps every lockbox readable, and names no lockbox for an epoch that had none', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const { editionId, lockboxHash } = await edition(sluice)
    const [second, last] = [randomHex(), randomHex()]
    await redeal(sluice, editionId, 4, second)
    await redeal(sluice, editionId, 0xffffffff, last)
    assert.equal(await keys.read.lockboxOf([editionId, 1]), lockboxHash)
    assert.equal(await keys.read.lockboxOf([editionId, 4]), second)
    assert.equal(await keys.read.lockboxOf([editionId, 0xffffffff]), last)
    assert.equal(await keys.read.epochOf([editionId]), 0xffffffff)
    const { epoch, lockboxHash: current } = await keys.read.editionOf([editionId])
    assert.deepEqual([epoch, current], [0xffffffff, last])
    for (const unknown of [0, 2, 5]) {
      const read = keys.read.lockboxOf([editionId, unknown])
      await refuses(read, keys, 'ContentKeys_LockboxUnknown', [editionId, unknown, 0xffffffff])
    }
  })

  it('takes the largest epoch, sells with it, and no lockbox after it', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const { editionId } = await edition(sluice)
    const [largest, hash] = [2 ** 32 - 1, randomHex()]
    await redeal(sluice, editionId, largest, hash)
    assert.equal(await keys.read.epochOf([editionId]), largest)
    assert.equal(await keys.read.lockboxOf([editionId, largest]), hash)
    await buy(sluice, editionId, { epoch: largest })
    for (const epoch of [1, largest]) {
      await refuses(redeal(sluice, editionId, epoch), keys, 'ContentKeys_EpochStale', [editionId, epoch, largest])
    }
  })

  it('answers nothing about an edition that does not exist', async () => {
    const { keys, creator, payer } = await loadFixture(published)
    const { account } = payer
    for (const call of [
      () => keys.read.lockboxOf([1n, 1]),
      () => keys.read.epochOf([1n]),
      () => keys.read.isTransferable([1n]),
      () => keys.read.royaltyInfo([1n, 1n]),
      () => keys.write.setLockbox([1n, 2, randomHex()], { account: creator.account }),
      () => keys.write.updateEdition([1n, 0n, 0n], { account: creator.account }),
      () => keys.write.buy([1n, 1n, account.address, NATIVE, 0n, 0], { account }),
      () => keys.write.buyWithPermit([1n, 1n, account.address, NATIVE, 0n, 0, 0n, 27, randomHex(), randomHex()]),
    ]) {
      await refuses(call(), keys, 'ContentKeys_EditionUnknown', [1n])
    }
  })
})

describe('ContentKeys: updateEdition', () => {
  it('sets the price for those who come later, within what each accepts', async () => {
    const sluice = await loadFixture(published)
    const { keys, creator } = sluice
    const { editionId } = await edition(sluice)
    await emits(update(sluice, editionId, 2n * PRICE, 0n), keys, 'EditionUpdated', [editionId, 2n * PRICE, 0n])
    await refuses(buy(sluice, editionId), keys, 'ContentKeys_PriceAbove', [2n * PRICE, PRICE])
    await buy(sluice, editionId, { value: 2n * PRICE })
    await update(sluice, editionId, 0n, 0n)
    await buy(sluice, editionId, { value: 0n, maxPrice: PRICE })
    assert.equal(await keys.read.creditOf([creator.account.address, NATIVE]), 2n * PRICE)
  })

  it('lets a permit over what the buyer accepts stand where the price falls', async () => {
    const sluice = await loadFixture(published)
    const { keys, token, payer } = sluice
    const { account } = payer
    const { editionId } = await edition(sluice, { token: token.address })
    await token.write.mint([account.address, 2n * PRICE])
    const { deadline, v, r, s } = await signPermit(sluice, keys.address, 2n * PRICE)
    await update(sluice, editionId, PRICE - 1n, 0n)
    await keys.write.buyWithPermit([editionId, 2n, account.address, NATIVE, PRICE, 1, deadline, v, r, s], { account })
    assert.equal(await token.read.balanceOf([account.address]), 2n)
  })

  it('lets a maximum fall, from no limit too, and never rise', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const { editionId } = await edition(sluice)
    await update(sluice, editionId, PRICE, 10n)
    await update(sluice, editionId, PRICE, 10n)
    await update(sluice, editionId, PRICE, 9n)
    for (const maxSupply of [0n, 10n, 2n ** 64n - 1n]) {
      const raise = update(sluice, editionId, PRICE, maxSupply)
      await refuses(raise, keys, 'ContentKeys_SupplyRaised', [editionId, maxSupply, 9n])
    }
  })

  it('ends the sale at what is sold, and goes no lower', async () => {
    const sluice = await loadFixture(published)
    const { keys } = sluice
    const { editionId } = await edition(sluice)
    await buy(sluice, editionId)
    await buy(sluice, editionId)
    await refuses(update(sluice, editionId, PRICE, 1n), keys, 'ContentKeys_SupplyBelowSold', [editionId, 1n, 2n])
    await update(sluice, editionId, PRICE, 2n)
    await refuses(buy(sluice, editionId), keys, 'ContentKeys_SupplyExceeded', [editionId, 1n, 0n])
  })

  it('is the creator’s alone, whoever that is now', async () => {
    const sluice = await loadFixture(published)
    const { keys, registry, creator, stranger, contentId } = sluice
    const { editionId } = await edition(sluice)
    const [before, after] = [getAddress(creator.account.address), getAddress(stranger.account.address)]
    const byStranger = () => keys.write.updateEdition([editionId, 1n, 0n], { account: stranger.account })
    await refuses(byStranger(), keys, 'ContentKeys_NotCreator', [after, before])
    await registry.write.transferCreator([contentId, after], { account: creator.account })
    await registry.write.acceptCreator([contentId], { account: stranger.account })
    await refuses(update(sluice, editionId, 1n, 0n), keys, 'ContentKeys_NotCreator', [before, after])
    await byStranger()
    assert.equal((await keys.read.editionOf([editionId])).terms.price, 1n)
  })

  it('changes nothing but price and maximum, and nothing that a holder bought', async () => {
    const sluice = await loadFixture(published)
    const { keys, payer, contentId } = sluice
    const holder = payer.account.address
    const perpetual = await edition(sluice, { firstSlice: 3, lastSlice: 9, laterVersions: true, maxSupply: 7n })
    const timed = await edition(sluice, { duration: 5000, transferable: false, payouts: [{ to: holder, bps: 10_000 }] })
    const ids = [perpetual.editionId, timed.editionId]
    for (const editionId of ids) await buy(sluice, editionId)

    const bought = (editionId: bigint) =>
      Promise.all([
        keys.read.isEntitled([contentId, 1, holder, 3, 9]),
        keys.read.isEntitled([contentId, 1, holder, 0, SLICES - 1]),
        keys.read.isEntitledBy([editionId, holder]),
        keys.read.balanceOf([holder, editionId]),
        keys.read.expiresAt([editionId, holder]),
        keys.read.royaltyInfo([editionId, 10_000n]),
        keys.read.isTransferable([editionId]),
        keys.read.lockboxOf([editionId, 1]),
      ])
    for (const editionId of ids) {
      const [before, was] = [await bought(editionId), await keys.read.editionOf([editionId])]
      await update(sluice, editionId, 2n ** 96n - 1n, 1n)
      assert.deepEqual(await bought(editionId), before)
      const terms = { ...was.terms, price: 2n ** 96n - 1n, maxSupply: 1n }
      assert.deepEqual(await keys.read.editionOf([editionId]), { ...was, terms })
    }
  })
})
