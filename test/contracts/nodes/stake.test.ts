import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress } from 'viem'
import { at, balancesChange, emits, refuses } from '../support/assertions.ts'
import { deploySluice, networkHelpers, now, viem } from '../support/fixture.ts'
import { makeNode, register, WEEK } from '../support/nodes.ts'

const { loadFixture } = networkHelpers
const MAX = 2n ** 96n - 1n
const NONE = { leaving: 0n, availableAt: 0n, expiresAt: 0n }

async function staked() {
  const sluice = await deploySluice()
  const { nodes, creator } = sluice
  const account = creator.account
  await register(sluice, account)
  await nodes.write.addStake({ account, value: 1000n })
  const stake = () => nodes.read.stakeOf([account.address])
  return { ...sluice, account, owner: getAddress(account.address), stake }
}

describe('NodeRegistry: stake', () => {
  it('adds what comes with the call', async () => {
    const { nodes, account, owner, stake, client } = await loadFixture(staked)
    await emits(nodes.write.addStake({ account, value: 5n }), nodes, 'StakeAdded', [owner, 5n, 1005n])
    assert.deepEqual(await stake(), { amount: 1005n, ...NONE })
    assert.deepEqual((await nodes.read.nodeOf([owner])).stake, await stake())
    assert.equal(await client.getBalance({ address: nodes.address }), 1005n)
  })

  it('takes no stake of zero, and none without a node', async () => {
    const { nodes, account, stranger } = await loadFixture(staked)
    await refuses(nodes.write.addStake({ account }), nodes, 'NodeRegistry_AmountZero', [])
    const other = getAddress(stranger.account.address)
    const add = nodes.write.addStake({ account: stranger.account, value: 1n })
    await refuses(add, nodes, 'NodeRegistry_NotRegistered', [other])
  })

  it('takes the largest stake that it can store, and no more', async () => {
    const { nodes, account, owner, stake } = await loadFixture(staked)
    await networkHelpers.setBalance(owner, 2n ** 97n)
    await nodes.write.addStake({ account, value: MAX - 1000n })
    assert.equal((await stake()).amount, MAX)
    const more = nodes.write.addStake({ account, value: 1n })
    await refuses(more, nodes, 'NodeRegistry_StakeTooLarge', [MAX + 1n, MAX])
  })

  it('takes no coin that comes without a call', async () => {
    const { nodes, creator } = await loadFixture(staked)
    await assert.rejects(creator.sendTransaction({ to: nodes.address, value: 1n }))
  })

  it('pays from exactly seven days after the request on', async () => {
    const { nodes, account, owner, stake } = await loadFixture(staked)
    assert.deepEqual([await nodes.read.UNSTAKE_DELAY(), await nodes.read.UNSTAKE_WINDOW()], [WEEK, WEEK])
    const requested = (await now()) + 10n
    const [availableAt, expiresAt] = [requested + WEEK, requested + 2n * WEEK]
    await at(requested)
    const request = nodes.write.requestUnstake([300n], { account })
    await emits(request, nodes, 'UnstakeRequested', [owner, 300n, availableAt, expiresAt])
    assert.deepEqual(await stake(), { amount: 1000n, leaving: 300n, availableAt, expiresAt })

    await at(availableAt - 1n)
    const early = nodes.write.unstake({ account })
    await refuses(early, nodes, 'NodeRegistry_UnstakeTooEarly', [availableAt - 1n, availableAt])
    await at(availableAt)
    const paid = nodes.write.unstake({ account })
    await balancesChange(paid, [{ address: owner, amount: 300n }])
    await emits(paid, nodes, 'Unstaked', [owner, 300n, 700n])
    assert.deepEqual(await stake(), { amount: 700n, ...NONE })
    await refuses(nodes.write.unstake({ account }), nodes, 'NodeRegistry_NoRequest', [owner])
  })

  it('pays to the last second of the window', async () => {
    const { nodes, account, owner } = await loadFixture(staked)
    await nodes.write.requestUnstake([300n], { account })
    await at((await now()) + 2n * WEEK - 1n)
    await balancesChange(nodes.write.unstake({ account }), [{ address: owner, amount: 300n }])
  })

  it('lets a request lapse at the end of its window', async () => {
    const { nodes, account, stake } = await loadFixture(staked)
    await nodes.write.requestUnstake([300n], { account })
    const expiresAt = (await now()) + 2n * WEEK
    await at(expiresAt)
    await refuses(nodes.write.unstake({ account }), nodes, 'NodeRegistry_UnstakeTooLate', [expiresAt, expiresAt])
    await networkHelpers.mine()
    assert.deepEqual(await stake(), { amount: 1000n, ...NONE })

    await nodes.write.requestUnstake([300n], { account })
    await networkHelpers.time.increase(WEEK)
    await nodes.write.unstake({ account })
    assert.equal((await stake()).amount, 700n)
  })

  it('starts the delay anew when a request is replaced', async () => {
    const { nodes, account } = await loadFixture(staked)
    await nodes.write.requestUnstake([300n], { account })
    const first = (await now()) + WEEK
    await at(first - 10n)
    await nodes.write.requestUnstake([5n], { account })
    await at(first)
    const early = nodes.write.unstake({ account })
    await refuses(early, nodes, 'NodeRegistry_UnstakeTooEarly', [first, first - 10n + WEEK])
  })

  it('lets the whole stake go where more was asked for, and never what was added afterwards', async () => {
    const { nodes, account, owner, stake } = await loadFixture(staked)
    await nodes.write.requestUnstake([2n ** 256n - 1n], { account })
    assert.equal((await stake()).leaving, 1000n)
    const { availableAt } = await stake()
    await nodes.write.addStake({ account, value: 50n })
    assert.deepEqual([(await stake()).leaving, (await stake()).availableAt], [1000n, availableAt])
    await at(availableAt)
    await balancesChange(nodes.write.unstake({ account }), [{ address: owner, amount: 1000n }])
    assert.equal((await stake()).amount, 50n)
  })

  it('takes no request for nothing, or with nothing at stake', async () => {
    const { nodes, account, stranger } = await loadFixture(staked)
    await refuses(nodes.write.requestUnstake([0n], { account }), nodes, 'NodeRegistry_AmountZero', [])
    const other = getAddress(stranger.account.address)
    const request = nodes.write.requestUnstake([1n], { account: stranger.account })
    await refuses(request, nodes, 'NodeRegistry_NoStake', [other])
    const unstake = nodes.write.unstake({ account: stranger.account })
    await refuses(unstake, nodes, 'NodeRegistry_NoRequest', [other])
  })

  it('lets the stake go of a node that was deregistered, before the request or after', async () => {
    const { nodes, account, owner } = await loadFixture(staked)
    await nodes.write.requestUnstake([400n], { account })
    await nodes.write.deregister({ account })
    await networkHelpers.time.increase(WEEK)
    await balancesChange(nodes.write.unstake({ account }), [{ address: owner, amount: 400n }])
    await nodes.write.requestUnstake([600n], { account })
    await networkHelpers.time.increase(WEEK)
    await balancesChange(nodes.write.unstake({ account }), [{ address: owner, amount: 600n }])
  })

  it('leaves an exit alone whatever others do', async () => {
    const sluice = await loadFixture(staked)
    const { nodes, account, stranger, stake } = sluice
    await nodes.write.requestUnstake([400n], { account })
    const before = await stake()
    const { peerId } = (await nodes.read.nodeOf([account.address])).node
    await register(sluice, stranger.account, { peerId })
    await nodes.write.addStake({ account: stranger.account, value: 9n })
    await nodes.write.requestUnstake([9n], { account: stranger.account })
    await nodes.write.deregister({ account: stranger.account })
    assert.deepEqual(await stake(), before)
  })
})

describe('NodeRegistry: wallets with code', () => {
  async function hookedOwner() {
    const sluice = await deploySluice()
    const { nodes } = sluice
    const wallet = await viem.deployContract('HookedWallet')
    const call = (data: `0x${string}`, value = 0n) => wallet.write.execute([nodes.address, data], { value })
    await call(encodeFunctionData({ abi: nodes.abi, functionName: 'register', args: [makeNode()] }))
    await call(encodeFunctionData({ abi: nodes.abi, functionName: 'addStake' }), 1000n)
    await call(encodeFunctionData({ abi: nodes.abi, functionName: 'requestUnstake', args: [300n] }))
    await networkHelpers.time.increase(WEEK)
    const unstake = encodeFunctionData({ abi: nodes.abi, functionName: 'unstake' })
    return { ...sluice, wallet, call, unstake }
  }

  it('pays once where the owner strikes while it is paid', async () => {
    const { nodes, wallet, call, unstake, client } = await loadFixture(hookedOwner)
    await wallet.write.arm([nodes.address, unstake])
    await call(unstake)
    assert.deepEqual([await wallet.read.fired(), await wallet.read.succeeded()], [true, false])
    assert.equal(await client.getBalance({ address: wallet.address }), 300n)
    assert.equal((await nodes.read.stakeOf([wallet.address])).amount, 700n)
  })

  it('keeps what the owner refuses, to be asked for again', async () => {
    const { nodes, wallet, call, unstake, client } = await loadFixture(hookedOwner)
    await wallet.write.refuse([true])
    const owner = getAddress(wallet.address)
    await refuses(call(unstake), nodes, 'NodeRegistry_TransferFailed', [owner, 300n])
    assert.equal((await nodes.read.stakeOf([owner])).leaving, 300n)
    await wallet.write.refuse([false])
    await call(unstake)
    assert.equal(await client.getBalance({ address: owner }), 300n)
  })
})
