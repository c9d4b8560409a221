import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeFunctionResult, encodeFunctionData } from 'viem'
import type { Abi, Hex } from 'viem'
import {
  fund,
  makeClaim,
  makeIntent,
  openChannel,
  packClaim,
  randomHex,
  signIntent,
  signTopUp,
} from '../support/channels.ts'
import { NATIVE, networkHelpers } from '../support/fixture.ts'
import { arm, deployHostile, fundIn } from '../support/hostile.ts'
import { createEdition, publish, terms } from '../support/keys.ts'

const { loadFixture } = networkHelpers
/** `ReentrancyGuardReentrantCall()`. */
const REENTRANT = '0x3ee5aeb5'
/** `closesAt` of a channel that is closed. */
const CLOSED = 2 ** 40 - 1

/** What a view answered in the middle of the call that the hook interrupted. */
async function seen(hook: { read: { result: () => Promise<Hex> } }, abi: Abi, functionName: string) {
  return decodeFunctionResult({ abi, functionName, data: await hook.read.result() })
}

async function listed() {
  const sluice = await deployHostile()
  return { ...sluice, ...(await publish(sluice)) }
}

describe('bug class: reentrancy', () => {
  it('pays once where the payee strikes again while it is paid, by any kind of claim', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, wallet, client } = sluice
    await fund(sluice)
    const channel = await openChannel(sluice, { payee: wallet.address, amount: 1000n })
    const first = await makeClaim(sluice, channel, { cumulative: 100n })
    const more = await makeClaim(sluice, channel, { cumulative: 600n })
    const strikes = [
      ['claim', [more]],
      ['claimBatch', [wallet.address, NATIVE, [packClaim(more)]]],
      ['claimAndClose', [more]],
      ['withdraw', [NATIVE]],
    ] as const
    for (const [index, [functionName, args]] of strikes.entries()) {
      await arm(wallet, channels, functionName, args)
      const claim = await makeClaim(sluice, channel, { cumulative: first.voucher.cumulative + BigInt(index) })
      await channels.write.claim([claim])
      assert.equal(await wallet.read.fired(), true)
      assert.equal(await wallet.read.result(), REENTRANT, functionName)
    }
    assert.equal(await client.getBalance({ address: wallet.address }), 103n)
  })

  it('gives the payee nothing more that closes the channel while it is paid', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, wallet, client, payer } = sluice
    await fund(sluice, 1000n)
    const channel = await openChannel(sluice, { payee: wallet.address, amount: 1000n })
    await arm(wallet, channels, 'closeNow', [channel.descriptor])
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 600n })])
    assert.equal(await wallet.read.succeeded(), true)
    assert.equal(await client.getBalance({ address: wallet.address }), 600n)
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 400n)
    assert.equal(await client.getBalance({ address: channels.address }), 400n)
  })

  it('counts no token twice that deposits again in the middle of a deposit', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, hooked, payer } = sluice
    await arm(hooked, channels, 'deposit', [hooked.address, 100n])
    await channels.write.deposit([hooked.address, 100n], { account: payer.account })
    assert.equal(await hooked.read.result(), REENTRANT)
    assert.equal(await channels.read.balanceOf([payer.account.address, hooked.address]), 100n)
    assert.equal(await channels.read.balanceOf([hooked.address, hooked.address]), 0n)
    assert.equal(await hooked.read.balanceOf([channels.address]), 100n)
  })

  it('pays out no deposit that has not arrived: what is opened on it in between cannot be claimed', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, hooked, payer, session } = sluice
    const [token, account] = [hooked.address, payer.account]
    await channels.write.authorize([session.publicKey, token, 500n, (await makeIntent(sluice)).deadline], { account })
    const intent = await makeIntent(sluice, { token, amount: 100n })
    await arm(hooked, channels, 'open', [intent, await signIntent(sluice, intent)])
    await assert.rejects(channels.write.deposit([token, 100_000n], { account }))
    const channelId = await channels.read.channelIdOf([intent])
    assert.equal((await channels.read.channelOf([channelId])).deposit, 0n)
    await channels.write.deposit([token, 100n], { account })
    assert.equal(await hooked.read.succeeded(), true)
    assert.equal((await channels.read.channelOf([channelId])).deposit, 100n)
    assert.equal(await hooked.read.balanceOf([channels.address]), 100n)
  })

  it('keeps its books where a token strikes through an entry without a guard, while it pays a claim', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, hooked, payer } = sluice
    const [token, account] = [hooked.address, payer.account]
    await fundIn(sluice, token, 1000n)
    const [paid, raised, closing] = [
      await openChannel(sluice, { token, amount: 100n }),
      await openChannel(sluice, { token, amount: 100n }),
      await openChannel(sluice, { token, amount: 100n, challenge: 0 }),
    ]
    await channels.write.requestClose([closing.descriptor], { account })
    const order = { channelId: raised.channelId, newDeposit: 150n, deadline: raised.intent.deadline }
    const [one, two] = [
      await makeIntent(sluice, { token, amount: 7n }),
      await makeIntent(sluice, { token, amount: 9n }),
    ]
    const strikes = [
      ['topUp', [raised.descriptor, order, await signTopUp(sluice, order)], 650n],
      ['open', [one, await signIntent(sluice, one)], 643n],
      ['openBatch', [[two], [await signIntent(sluice, two)]], 634n],
      ['finalizeClose', [closing.descriptor], 734n],
    ] as const
    const locked = [paid, raised, closing].map(({ channelId }) => channelId)
    locked.push(await channels.read.channelIdOf([one]), await channels.read.channelIdOf([two]))
    for (const [index, [functionName, args, escrow]] of strikes.entries()) {
      await arm(hooked, channels, functionName, args)
      await channels.write.claim([await makeClaim(sluice, paid, { cumulative: BigInt(index + 1) })])
      assert.equal(await hooked.read.succeeded(), true, functionName)
      assert.equal(await channels.read.balanceOf([account.address, token]), escrow, functionName)
      const words = await Promise.all(locked.map((channelId) => channels.read.channelOf([channelId])))
      const inChannels = words
        .filter(({ closesAt }) => closesAt !== CLOSED)
        .reduce((sum, { deposit, claimed }) => sum + deposit - claimed, 0n)
      assert.equal(await hooked.read.balanceOf([channels.address]), escrow + inChannels, functionName)
    }
  })

  it('charges what was agreed where the creator strikes through an entry without a guard, while it is paid in', async () => {
    const sluice = await loadFixture(deployHostile)
    const { keys, registry, hooked, payer } = sluice
    const [token, account] = [hooked.address, payer.account]
    // The token itself is the creator: what it is armed with, its next transfer does.
    const act = async (target: typeof keys | typeof registry, functionName: string, args: readonly unknown[]) => {
      await arm(hooked, target, functionName, args)
      await hooked.write.transfer([account.address, 0n], { account })
      assert.equal(await hooked.read.succeeded(), true, functionName)
    }
    const salt = randomHex()
    await act(registry, 'publish', [salt, randomHex(), randomHex(), 100, 0])
    const contentId = await registry.read.contentIdOf([token, salt])
    await act(keys, 'createEdition', [contentId, salt, { ...terms, price: 100n, token }, 1, randomHex()])
    const editionId = await keys.read.editionIdOf([contentId, salt])
    const strikes = [
      ['updateEdition', [editionId, 5000n, 0n]],
      ['setLockbox', [editionId, 2, randomHex()]],
    ] as const
    const order = [editionId, 1n, account.address, NATIVE] as const
    await arm(hooked, keys, ...strikes[0])
    await keys.write.buy([...order, 100n, 1], { account })
    assert.deepEqual([await hooked.read.succeeded(), await keys.read.creditOf([token, token])], [true, 100n])
    await arm(hooked, keys, ...strikes[1])
    await keys.write.buy([...order, 5000n, 1], { account })
    assert.deepEqual([await hooked.read.succeeded(), await keys.read.creditOf([token, token])], [true, 5100n])
    assert.equal(await hooked.read.balanceOf([keys.address]), 5100n)
    assert.equal(await keys.read.balanceOf([account.address, editionId]), 2n)
    const { terms: now, epoch, sold } = await keys.read.editionOf([editionId])
    assert.deepEqual([now.price, epoch, sold], [5000n, 2, 2n])
  })

  it('sells no key twice to a buyer who strikes while it is handed over', async () => {
    const sluice = await loadFixture(listed)
    const { keys, wallet, contentId } = sluice
    const { editionId } = await createEdition(sluice, contentId, { maxSupply: 1n, price: 0n })
    await arm(wallet, keys, 'buy', [editionId, 1n, wallet.address, NATIVE, 0n, 1])
    await keys.write.buy([editionId, 1n, wallet.address, NATIVE, 0n, 1])
    assert.equal(await wallet.read.result(), REENTRANT)
    assert.equal(await keys.read.balanceOf([wallet.address, editionId]), 1n)
  })

  it('pays credits once to an account that strikes while it is paid', async () => {
    const sluice = await loadFixture(listed)
    const { keys, wallet, payer, client, contentId } = sluice
    const payouts = [{ to: wallet.address, bps: 10_000 }]
    const { editionId } = await createEdition(sluice, contentId, { payouts, price: 100n })
    const account = payer.account
    const args = [editionId, 1n, account.address, NATIVE, 100n, 1] as const
    for (let sold = 0; sold < 2; sold++) await keys.write.buy(args, { account, value: 100n })
    await arm(wallet, keys, 'withdraw', [NATIVE])
    const withdraw = encodeFunctionData({ abi: keys.abi, functionName: 'withdraw', args: [NATIVE] })
    await wallet.write.execute([keys.address, withdraw])
    assert.equal(await wallet.read.result(), REENTRANT)
    assert.equal(await client.getBalance({ address: wallet.address }), 200n)
  })
})

describe('bug class: read-only reentrancy', () => {
  it('shows a channel as it will be, while its payee is paid', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, wallet, payee } = sluice
    await fund(sluice)
    const channel = await openChannel(sluice, { payee: wallet.address, amount: 1000n })
    await arm(wallet, channels, 'channelOf', [channel.channelId])
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 600n })], { account: payee.account })
    assert.deepEqual(await seen(wallet, channels.abi, 'channelOf'), await channels.read.channelOf([channel.channelId]))
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 600n)
  })

  it('shows every channel of a batch as it will be, the last one too', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, wallet } = sluice
    await fund(sluice)
    const [first, last] = [
      await openChannel(sluice, { payee: wallet.address, amount: 1000n }),
      await openChannel(sluice, { payee: wallet.address, amount: 1000n }),
    ]
    await arm(wallet, channels, 'channelOf', [last.channelId])
    const claims = [await makeClaim(sluice, first), await makeClaim(sluice, last, { cumulative: 77n })]
    await channels.write.claimBatch([wallet.address, NATIVE, claims.map(packClaim)])
    const during = await seen(wallet, channels.abi, 'channelOf')
    assert.deepEqual(during, { deposit: 1000n, claimed: 77n, closesAt: 0, challenge: first.intent.challenge })
  })

  it('shows an escrow as it will be, while it is withdrawn and while it is paid in', async () => {
    const sluice = await loadFixture(deployHostile)
    const { channels, wallet, hooked, payer } = sluice
    await channels.write.depositFor([wallet.address, NATIVE, 50n], { value: 50n })
    const request = encodeFunctionData({ abi: channels.abi, functionName: 'requestWithdraw', args: [NATIVE, 20n] })
    await wallet.write.execute([channels.address, request])
    await networkHelpers.time.increase(86_400n)
    await arm(wallet, channels, 'balanceOf', [wallet.address, NATIVE])
    const withdraw = encodeFunctionData({ abi: channels.abi, functionName: 'withdraw', args: [NATIVE] })
    await wallet.write.execute([channels.address, withdraw])
    assert.equal(await seen(wallet, channels.abi, 'balanceOf'), 30n)

    const owner = payer.account.address
    await arm(hooked, channels, 'balanceOf', [owner, hooked.address])
    await channels.write.deposit([hooked.address, 100n], { account: payer.account })
    assert.equal(await seen(hooked, channels.abi, 'balanceOf'), 100n)
  })

  it('shows holder, supply and revenue as they will be, while a key is handed over', async () => {
    const sluice = await loadFixture(listed)
    const { keys, wallet, payer, creator, contentId } = sluice
    const account = payer.account
    const { editionId } = await createEdition(sluice, contentId, { price: 100n })
    const views = [
      ['isEntitledBy', [editionId, wallet.address], true],
      ['isEntitled', [contentId, 1, wallet.address, 0, 0], true],
      ['balanceOf', [wallet.address, editionId], 3n],
      ['creditOf', [creator.account.address, NATIVE], 400n],
    ] as const
    for (const [functionName, args, expected] of views) {
      await arm(wallet, keys, functionName, args)
      await keys.write.buy([editionId, 1n, wallet.address, NATIVE, 100n, 1], { account, value: 150n })
      assert.equal(await seen(wallet, keys.abi, functionName), expected, functionName)
    }
    await arm(wallet, keys, 'editionOf', [editionId])
    await keys.write.buy([editionId, 1n, wallet.address, NATIVE, 100n, 1], { account, value: 100n })
    assert.deepEqual(await seen(wallet, keys.abi, 'editionOf'), await keys.read.editionOf([editionId]))
  })

  it('shows credits as spent, while they are paid out', async () => {
    const sluice = await loadFixture(listed)
    const { keys, wallet, payer, contentId } = sluice
    const payouts = [{ to: wallet.address, bps: 10_000 }]
    const { editionId } = await createEdition(sluice, contentId, { payouts, price: 100n })
    const { account } = payer
    await keys.write.buy([editionId, 1n, account.address, NATIVE, 100n, 1], { account, value: 100n })
    await arm(wallet, keys, 'creditOf', [wallet.address, NATIVE])
    const withdraw = encodeFunctionData({ abi: keys.abi, functionName: 'withdraw', args: [NATIVE] })
    await wallet.write.execute([keys.address, withdraw])
    assert.equal(await seen(wallet, keys.abi, 'creditOf'), 0n)
  })
})
