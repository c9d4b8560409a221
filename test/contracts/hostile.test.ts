import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress } from 'viem'
import type { Abi, Address } from 'viem'
import { refuses } from './support/assertions.ts'
import { ETHER, farAhead, fund, makeClaim, openChannel } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, viem } from './support/fixture.ts'
import { createEdition, publish } from './support/keys.ts'

const { loadFixture } = networkHelpers
/** `ReentrancyGuardReentrantCall()`. */
const REENTRANT = '0x3ee5aeb5'

async function hostileWorld() {
  const sluice = await deploySluice()
  const [fee, silent, hooked, wallet] = await Promise.all([
    viem.deployContract('FeeToken'),
    viem.deployContract('SilentToken'),
    viem.deployContract('HookedToken'),
    viem.deployContract('HookedWallet'),
  ])
  const account = sluice.payer.account
  const mint = [account.address, 10_000n] as const
  await Promise.all([fee.write.mint(mint), silent.write.mint(mint), hooked.write.mint(mint)])
  for (const spender of [sluice.channels.address, sluice.keys.address]) {
    const approve = [spender, 10_000n] as const
    await fee.write.approve(approve, { account })
    await silent.write.approve(approve, { account })
    await hooked.write.approve(approve, { account })
  }
  return { ...sluice, fee, silent, hooked, wallet }
}

describe('hostile tokens and recipients', () => {
  it('refuses a token that takes a fee, as deposit and as price', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, keys, fee, payer } = sluice
    const account = payer.account
    const token = getAddress(fee.address)
    const deposit = channels.write.deposit([token, 1000n], { account })
    await refuses(deposit, channels, 'SliceChannels_FeeOnTransfer', [token, 990n, 1000n])
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { token, price: 1000n })
    const buy = keys.write.buy([editionId, 1n, account.address, NATIVE, 1000n, 1], { account })
    await refuses(buy, keys, 'ContentKeys_FeeOnTransfer', [token, 990n, 1000n])
  })

  it('works with a token that returns nothing', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, silent, payer, payee, session } = sluice
    const args = [silent.address, 1000n, session.publicKey, 1000n, await farAhead()] as const
    await channels.write.depositAndAuthorize(args, { account: payer.account })
    const channel = await openChannel(sluice, { token: silent.address, amount: 600n })
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 500n })])
    assert.equal(await silent.read.balanceOf([payee.account.address]), 500n)
  })

  it('leaves a claim redeemable where the token or the payee refuses', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, silent, payer, payee, session, wallet } = sluice
    const args = [silent.address, 1000n, session.publicKey, 1000n, await farAhead()] as const
    await channels.write.depositAndAuthorize(args, { account: payer.account })
    const channel = await openChannel(sluice, { token: silent.address, amount: 600n })
    const claim = await makeClaim(sluice, channel, { cumulative: 500n })
    await silent.write.freeze([true])
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_TransferFailed', [
      getAddress(silent.address),
      getAddress(payee.account.address),
      500n,
    ])
    await silent.write.freeze([false])
    await channels.write.claim([claim])

    await fund(sluice)
    await wallet.write.refuse([true])
    const proud = await openChannel(sluice, { payee: wallet.address, amount: 600n })
    const refused = await makeClaim(sluice, proud, { cumulative: 500n })
    await refuses(channels.write.claim([refused]), channels, 'SliceChannels_TransferFailed', [
      NATIVE,
      getAddress(wallet.address),
      500n,
    ])
    await wallet.write.refuse([false])
    await channels.write.claim([refused])
    assert.equal((await channels.read.channelOf([proud.channelId])).claimed, 500n)
  })

  it('lets the payer out although the payee refuses everything', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, payer, wallet } = sluice
    await fund(sluice)
    await wallet.write.refuse([true])
    const { descriptor } = await openChannel(sluice, { payee: wallet.address, amount: ETHER })
    await channels.write.requestClose([descriptor], { account: payer.account })
    await networkHelpers.time.increase(3600)
    await channels.write.finalizeClose([descriptor])
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), ETHER)
  })

  it('pays once where the payee strikes again while it is paid', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, wallet, client } = sluice
    await fund(sluice)
    const channel = await openChannel(sluice, { payee: wallet.address, amount: 1000n })
    const claim = await makeClaim(sluice, channel, { cumulative: 600n })
    const data = encodeFunctionData({ abi: channels.abi, functionName: 'claim', args: [claim] })
    await wallet.write.arm([channels.address, data])
    await channels.write.claim([claim])
    assert.equal(await wallet.read.fired(), true)
    assert.equal(await wallet.read.succeeded(), false)
    assert.equal(await wallet.read.result(), REENTRANT)
    assert.equal(await client.getBalance({ address: wallet.address }), 600n)
  })

  it('counts no token twice that deposits again in the middle of a deposit', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { channels, hooked, payer } = sluice
    await strike(hooked, channels, 'deposit', [hooked.address, 100n])
    await channels.write.deposit([hooked.address, 100n], { account: payer.account })
    assert.equal(await hooked.read.result(), REENTRANT)
    assert.equal(await channels.read.balanceOf([payer.account.address, hooked.address]), 100n)
    assert.equal(await channels.read.balanceOf([hooked.address, hooked.address]), 0n)
    assert.equal(await hooked.read.balanceOf([channels.address]), 100n)
  })

  it('sells no key twice to a buyer who strikes while it is handed over', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { keys, wallet } = sluice
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { maxSupply: 1n, price: 0n })
    await strike(wallet, keys, 'buy', [editionId, 1n, wallet.address, NATIVE, 0n, 1])
    await keys.write.buy([editionId, 1n, wallet.address, NATIVE, 0n, 1])
    assert.equal(await wallet.read.result(), REENTRANT)
    assert.equal(await keys.read.balanceOf([wallet.address, editionId]), 1n)
  })

  it('pays credits once to an account that strikes while it is paid', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { keys, wallet, payer, client } = sluice
    const { contentId } = await publish(sluice)
    const payouts = [{ to: wallet.address, bps: 10_000 }]
    const { editionId } = await createEdition(sluice, contentId, { payouts, price: 100n })
    const buy = () =>
      keys.write.buy([editionId, 1n, payer.account.address, NATIVE, 100n, 1], { account: payer.account, value: 100n })
    await buy()
    await buy()
    await strike(wallet, keys, 'withdraw', [NATIVE])
    const withdraw = encodeFunctionData({ abi: keys.abi, functionName: 'withdraw', args: [NATIVE] })
    await wallet.write.execute([keys.address, withdraw])
    assert.equal(await wallet.read.result(), REENTRANT)
    assert.equal(await client.getBalance({ address: wallet.address }), 200n)
  })

  it('blocks nobody’s sale where one payee refuses its credit', async () => {
    const sluice = await loadFixture(hostileWorld)
    const { keys, wallet, payer, creator } = sluice
    const { contentId } = await publish(sluice)
    const payouts = [wallet.address, creator.account.address].map((to) => ({ to, bps: 5_000 }))
    const { editionId } = await createEdition(sluice, contentId, { payouts, price: 100n })
    await wallet.write.refuse([true])
    await keys.write.buy([editionId, 1n, payer.account.address, NATIVE, 100n, 1], {
      account: payer.account,
      value: 100n,
    })
    await keys.write.withdraw([NATIVE], { account: creator.account })
    assert.equal(await keys.read.creditOf([wallet.address, NATIVE]), 50n)
  })
})

type Armed = { write: { arm: (args: [Address, `0x${string}`]) => Promise<unknown> } }

/** Prepares the call that a hook makes when its turn comes. */
async function strike(
  hook: Armed,
  { address, abi }: { address: Address; abi: Abi },
  functionName: string,
  args: readonly unknown[],
): Promise<void> {
  await hook.write.arm([address, encodeFunctionData({ abi, functionName, args })])
}
