import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress } from 'viem'
import { refuses } from '../support/assertions.ts'
import { farAhead } from '../support/channels.ts'
import { NATIVE, networkHelpers, viem } from '../support/fixture.ts'
import { createEdition } from '../support/keys.ts'
import { buy as buyListed, deployMarket, list, sellKeys, UNIT_PRICE } from '../support/market.ts'

const { loadFixture } = networkHelpers
const PRICE = 1000n
/** `ReentrancyGuardReentrantCall()`. */
const REENTRANT = '0x3ee5aeb5'

/** ERC-1155 asks every contract that is handed a key: it may refuse, or do anything else before it answers. */
async function receiving() {
  const resale = await deployMarket()
  await list(resale)
  const [wallet, hooked] = await Promise.all([viem.deployContract('HookedWallet'), viem.deployContract('HookedToken')])
  const { editionId: forSale } = await createEdition(resale, resale.contentId, { price: PRICE })
  return { ...resale, wallet, hooked, forSale }
}

type Receiving = Awaited<ReturnType<typeof receiving>>

function buy({ keys, buyer, forSale }: Receiving, recipient: `0x${string}`) {
  return keys.write.buy([forSale, 1n, recipient, NATIVE, PRICE, 1], { account: buyer.account, value: PRICE })
}

describe('bug class: a receiver refuses', () => {
  it('takes no money for a key that its recipient refuses', async () => {
    const world = await loadFixture(receiving)
    const { keys, market, wallet, token, forSale, editionId, sellerAddress, creatorAddress } = world
    await wallet.write.refuse([true])
    await refuses(buy(world, wallet.address), wallet, 'Refused', [])
    await refuses(buyListed(world, { recipient: wallet.address }), wallet, 'Refused', [])
    // A contract that knows nothing of ERC-1155.
    const deaf = getAddress(token.address)
    await refuses(buy(world, deaf), keys, 'ERC1155InvalidReceiver', [deaf])
    await refuses(buyListed(world, { recipient: deaf }), keys, 'ERC1155InvalidReceiver', [deaf])

    assert.equal((await keys.read.editionOf([forSale])).sold, 0n)
    assert.equal(await keys.read.creditOf([creatorAddress, NATIVE]), 0n)
    assert.equal((await market.read.listingOf([editionId, sellerAddress]))[1], 5n)
    assert.equal(await market.read.creditOf([sellerAddress, NATIVE]), 0n)
  })

  it('extends a timed key without asking its holder, who is handed nothing', async () => {
    const { keys, wallet, contentId, ...sluice } = await loadFixture(receiving)
    await wallet.write.refuse([true])
    const terms = { price: 0n, duration: 1000, transferable: false }
    const { editionId } = await createEdition({ ...sluice, keys }, contentId, terms)
    await keys.write.buy([editionId, 1n, wallet.address, NATIVE, 0n, 1])
    assert.equal(await keys.read.isEntitledBy([editionId, wallet.address]), true)
  })

  it('moves all keys of a batch or none', async () => {
    const world = await loadFixture(receiving)
    const { keys, wallet, seller, sellerAddress, editionId } = world
    const second = await sellKeys(world, 2n)
    const balances = () =>
      keys.read.balanceOfBatch([
        [sellerAddress, sellerAddress, wallet.address, wallet.address],
        [editionId, second, editionId, second],
      ])
    const give = (quantities: readonly [bigint, bigint]) =>
      keys.write.safeBatchTransferFrom([sellerAddress, wallet.address, [editionId, second], quantities, '0x'], {
        account: seller.account,
      })
    await wallet.write.refuse([true])
    await refuses(give([1n, 1n]), wallet, 'Refused', [])
    await wallet.write.refuse([false])
    const lacking = [getAddress(sellerAddress), 2n, 3n, second] as const
    await refuses(give([1n, 3n]), keys, 'ERC1155InsufficientBalance', [...lacking])
    assert.deepEqual(await balances(), [5n, 2n, 0n, 0n])
    await give([3n, 2n])
    assert.deepEqual(await balances(), [2n, 0n, 3n, 2n])
  })
})

describe('bug class: a receiver re-enters', () => {
  it('buys, and withdraws, no second time while it is handed a key', async () => {
    const world = await loadFixture(receiving)
    const { keys, market, wallet, forSale, editionId, sellerAddress } = world
    const ofKeys = [
      encodeFunctionData({ abi: keys.abi, functionName: 'withdraw', args: [NATIVE] }),
      encodeFunctionData({ abi: keys.abi, functionName: 'buy', args: [forSale, 1n, wallet.address, NATIVE, 0n, 1] }),
    ]
    for (const data of ofKeys) {
      await wallet.write.arm([keys.address, data])
      await buy(world, wallet.address)
      assert.equal(await wallet.read.result(), REENTRANT)
    }
    assert.equal(await keys.read.balanceOf([wallet.address, forSale]), 2n)

    const order = [editionId, sellerAddress, 1n, wallet.address, NATIVE, UNIT_PRICE, 1] as const
    const ofMarket = [
      encodeFunctionData({ abi: market.abi, functionName: 'withdraw', args: [NATIVE] }),
      encodeFunctionData({ abi: market.abi, functionName: 'buy', args: order }),
    ]
    for (const data of ofMarket) {
      await wallet.write.arm([market.address, data])
      await buyListed(world, { recipient: wallet.address })
      assert.equal(await wallet.read.result(), REENTRANT)
    }
    assert.equal(await keys.read.balanceOf([wallet.address, editionId]), 2n)
    assert.equal((await market.read.listingOf([editionId, sellerAddress]))[0].quantity, 3n)
  })

  it('may hand the key on at once, which changes nothing of the sale', async () => {
    const world = await loadFixture(receiving)
    const { keys, wallet, other, forSale, creatorAddress } = world
    const to = other.account.address
    const args = [wallet.address, to, forSale, 1n, '0x'] as const
    await wallet.write.arm([
      keys.address,
      encodeFunctionData({ abi: keys.abi, functionName: 'safeTransferFrom', args }),
    ])
    await buy(world, wallet.address)
    assert.equal(await wallet.read.succeeded(), true)
    assert.equal(await keys.read.isEntitledBy([forSale, to]), true)
    assert.equal(await keys.read.isEntitledBy([forSale, wallet.address]), false)
    assert.equal(await keys.read.creditOf([creatorAddress, NATIVE]), PRICE)
  })

  it('may offer the key again at once, on top of nothing that is still being sold', async () => {
    const world = await loadFixture(receiving)
    const { keys, market, wallet, editionId, sellerAddress } = world
    const approve = encodeFunctionData({
      abi: keys.abi,
      functionName: 'setApprovalForAll',
      args: [market.address, true],
    })
    await wallet.write.execute([keys.address, approve])
    const offer = [editionId, 1n, 2n * UNIT_PRICE, NATIVE, await farAhead()] as const
    await wallet.write.arm([market.address, encodeFunctionData({ abi: market.abi, functionName: 'list', args: offer })])
    await buyListed(world, { recipient: wallet.address, quantity: 2n })
    assert.equal(await wallet.read.succeeded(), true)
    assert.equal((await market.read.listingOf([editionId, wallet.address]))[1], 1n)
    assert.equal((await market.read.listingOf([editionId, sellerAddress]))[1], 3n)
  })

  it('costs the buyer nothing where a seller’s token gives the key away in the middle of the payment', async () => {
    const world = await loadFixture(receiving)
    const { keys, market, hooked, seller, buyer, other, editionId, sellerAddress, buyerAddress } = world
    await hooked.write.mint([buyerAddress, UNIT_PRICE])
    await hooked.write.approve([market.address, UNIT_PRICE], { account: buyer.account })
    await keys.write.setApprovalForAll([hooked.address, true], { account: seller.account })
    await list(world, { token: hooked.address })
    const args = [sellerAddress, other.account.address, editionId, 5n, '0x'] as const
    await hooked.write.arm([
      keys.address,
      encodeFunctionData({ abi: keys.abi, functionName: 'safeTransferFrom', args }),
    ])
    const lacking = [getAddress(sellerAddress), 0n, 1n, editionId] as const
    await refuses(buyListed(world, { token: hooked.address }), keys, 'ERC1155InsufficientBalance', [...lacking])
    assert.equal(await hooked.read.balanceOf([buyerAddress]), UNIT_PRICE)
    assert.equal(await keys.read.balanceOf([sellerAddress, editionId]), 5n)
  })
})
