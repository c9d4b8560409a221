import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress } from 'viem'
import { balancesChange, refuses } from '../support/assertions.ts'
import { ETHER, fund, makeClaim, openChannel, packClaim } from '../support/channels.ts'
import { NATIVE, networkHelpers } from '../support/fixture.ts'
import { deployHostile, fundIn } from '../support/hostile.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers
const DAY = 86_400n
const PRICE = 100n

describe('bug class: a blocked payee that traps its payer', () => {
  it('lets the payer out although the payee refuses everything', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, payer, wallet } = sluice
    await fund(sluice)
    await wallet.write.refuse([true])
    const { descriptor } = await openChannel(sluice, { payee: wallet.address, amount: ETHER })
    await channels.write.requestClose([descriptor], { account: payer.account })
    await networkHelpers.time.increase(3600)
    await channels.write.finalizeClose([descriptor])
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), ETHER)
  })

  it('lets the payer out whose payee is on the token’s list, and the payee refund it', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, blocking, payer, payee } = sluice
    const [owner, token] = [payer.account.address, blocking.address]
    await fundIn(sluice, token, 1000n)
    const first = await openChannel(sluice, { token, amount: 400n })
    const second = await openChannel(sluice, { token, amount: 600n })
    await blocking.write.setBlocked([payee.account.address, true])
    await channels.write.closeNow([first.descriptor], { account: payee.account })
    await channels.write.requestClose([second.descriptor], { account: payer.account })
    await networkHelpers.time.increase(3600)
    await channels.write.finalizeClose([second.descriptor])
    await channels.write.requestWithdraw([token, 1000n], { account: payer.account })
    await networkHelpers.time.increase(DAY)
    await channels.write.withdraw([token], { account: payer.account })
    assert.equal(await blocking.read.balanceOf([owner]), 10_000n)
  })

  it('keeps a blocked payee’s claims from nobody but itself, in no other token', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, blocking, payee, stranger } = sluice
    const token = blocking.address
    const to = getAddress(payee.account.address)
    await fund(sluice)
    await fundIn(sluice, token, 1000n)
    const blocked = await openChannel(sluice, { token, amount: 400n })
    const others = await openChannel(sluice, { token, amount: 600n, payee: stranger.account.address })
    const native = await openChannel(sluice, { amount: 500n })
    await blocking.write.setBlocked([to, true])
    const claim = packClaim(await makeClaim(sluice, blocked, { cumulative: 300n }))
    const batch = () => channels.write.claimBatch([to, token, [claim]])
    await refuses(batch(), channels, 'SliceChannels_TransferFailed', [getAddress(token), to, 300n])
    await channels.write.claim([await makeClaim(sluice, others, { cumulative: 600n })])
    const coins = packClaim(await makeClaim(sluice, native, { cumulative: 500n }))
    await balancesChange(channels.write.claimBatch([to, NATIVE, [coins]]), [{ address: to, amount: 500n }])
    await blocking.write.setBlocked([to, false])
    await batch()
    assert.equal(await blocking.read.balanceOf([to]), 300n)
  })
})

describe('bug class: a blocked payer that traps its payee', () => {
  it('pays the payee and closes, while the payer’s escrow waits for the token', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, blocking, payer, payee } = sluice
    const token = blocking.address
    const owner = getAddress(payer.account.address)
    await fundIn(sluice, token, 1000n)
    const channel = await openChannel(sluice, { token, amount: 700n })
    await channels.write.requestWithdraw([token, 1000n], { account: payer.account })
    await blocking.write.setBlocked([owner, true])
    const claim = await makeClaim(sluice, channel, { cumulative: 250n })
    await channels.write.claimAndClose([claim], { account: payee.account })
    assert.equal(await blocking.read.balanceOf([payee.account.address]), 250n)
    await networkHelpers.time.increase(DAY)
    const withdraw = () => channels.write.withdraw([token], { account: payer.account })
    await refuses(withdraw(), channels, 'SliceChannels_TransferFailed', [getAddress(token), owner, 750n])
    assert.equal(await channels.read.balanceOf([owner, token]), 750n)
    await blocking.write.setBlocked([owner, false])
    await withdraw()
  })

  it('leaves other tokens alone where one blocks the contract itself', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, blocking, payer } = sluice
    const token = blocking.address
    await fund(sluice)
    await fundIn(sluice, token, 1000n)
    await blocking.write.setBlocked([channels.address, true])
    const native = await openChannel(sluice, { amount: 500n })
    await channels.write.claim([await makeClaim(sluice, native, { cumulative: 500n })])
    await channels.write.requestWithdraw([NATIVE, ETHER], { account: payer.account })
    await networkHelpers.time.increase(DAY)
    await channels.write.withdraw([NATIVE], { account: payer.account })
    assert.equal(await channels.read.balanceOf([payer.account.address, token]), 1000n)
  })
})

describe('bug class: a blocked seller that stops buyers', () => {
  it('blocks nobody’s sale where creator, payee or referrer refuse the coin', async () => {
    const sluice = await loadFixture(deployHostile)
    const { keys, wallet, payer, creator } = sluice
    const { contentId } = await publish(sluice)
    const payouts = [wallet.address, creator.account.address].map((to) => ({ to, bps: 5_000 }))
    const { editionId } = await createEdition(sluice, contentId, { payouts, price: PRICE, referralBps: 1000 })
    await wallet.write.refuse([true])
    const args = [editionId, 1n, payer.account.address, wallet.address, PRICE, 1] as const
    await keys.write.buy(args, { account: payer.account, value: PRICE })
    await keys.write.withdraw([NATIVE], { account: creator.account })
    assert.equal(await keys.read.creditOf([wallet.address, NATIVE]), 10n + 45n)
  })

  it('sells where the token has the creator on its list', async () => {
    const sluice = await loadFixture(deployHostile)
    const { keys, blocking, payer, creator } = sluice
    const token = blocking.address
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { price: PRICE, token })
    await blocking.write.setBlocked([creator.account.address, true])
    await keys.write.buy([editionId, 1n, payer.account.address, NATIVE, PRICE, 1], { account: payer.account })
    assert.equal(await keys.read.balanceOf([payer.account.address, editionId]), 1n)
    assert.equal(await keys.read.creditOf([creator.account.address, token]), PRICE)
  })

  it('fails a purchase of one’s own only, where the buyer refuses its change or the recipient its key', async () => {
    const sluice = await loadFixture(deployHostile)
    const { keys, token, wallet, payer } = sluice
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { price: PRICE })
    await wallet.write.refuse([true])
    const buy = [editionId, 1n, payer.account.address, NATIVE, PRICE, 1] as const
    const data = encodeFunctionData({ abi: keys.abi, functionName: 'buy', args: buy })
    const overpaid = wallet.write.execute([keys.address, data], { value: PRICE + 1n })
    await refuses(overpaid, keys, 'Credits_TransferFailed', [NATIVE, getAddress(wallet.address), 1n])
    await wallet.write.execute([keys.address, data], { value: PRICE })
    const toContract = [editionId, 1n, token.address, NATIVE, PRICE, 1] as const
    const mute = keys.write.buy(toContract, { account: payer.account, value: PRICE })
    await refuses(mute, keys, 'ERC1155InvalidReceiver', [getAddress(token.address)])
    assert.equal((await keys.read.editionOf([editionId])).sold, 1n)
  })
})
