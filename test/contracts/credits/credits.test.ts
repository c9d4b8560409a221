import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress } from 'viem'
import type { Address } from 'viem'
import { balancesChange, emits, refuses } from '../support/assertions.ts'
import { deploySluice, NATIVE, networkHelpers, viem } from '../support/fixture.ts'
import { createEdition, publish } from '../support/keys.ts'

const { loadFixture } = networkHelpers
const PRICE = 1000n

/** Credits in the native coin and in a token, for a wallet that can refuse payments; and a token that can refuse them. */
async function credited() {
  const sluice = await deploySluice()
  const { keys, payer } = sluice
  const [wallet, silent] = await Promise.all([viem.deployContract('HookedWallet'), viem.deployContract('SilentToken')])
  const { account } = payer
  await silent.write.mint([account.address, PRICE])
  await silent.write.approve([keys.address, PRICE], { account })
  const { contentId } = await publish(sluice)
  const payouts = [{ to: wallet.address, bps: 10_000 }]
  const sell = async (token: Address, value: bigint) => {
    const { editionId } = await createEdition(sluice, contentId, { token, price: PRICE, payouts })
    await keys.write.buy([editionId, 1n, account.address, NATIVE, PRICE, 1], { account, value })
  }
  await sell(NATIVE, PRICE)
  await sell(silent.address, 0n)
  const withdraw = (token: Address) =>
    wallet.write.execute([keys.address, encodeFunctionData({ abi: keys.abi, functionName: 'withdraw', args: [token] })])
  return { ...sluice, wallet, silent, withdraw }
}

describe('Credits', () => {
  it('pays all of one token, and leaves what is credited in others', async () => {
    const { keys, wallet, silent, withdraw } = await loadFixture(credited)
    const [account, token] = [getAddress(wallet.address), getAddress(silent.address)]
    const withdrawal = withdraw(NATIVE)
    await balancesChange(withdrawal, [
      { address: account, amount: PRICE },
      { address: keys.address, amount: -PRICE },
    ])
    await emits(withdrawal, keys, 'Withdrawn', [account, NATIVE, PRICE])
    assert.equal(await keys.read.creditOf([account, NATIVE]), 0n)
    assert.equal(await keys.read.creditOf([account, token]), PRICE)
    await withdraw(token)
    assert.equal(await silent.read.balanceOf([account]), PRICE)
    await refuses(withdraw(token), keys, 'Credits_NothingToWithdraw', [account, token])
  })

  it('pays an account that cannot call, whoever calls for it, and nobody else', async () => {
    const { keys, wallet, stranger } = await loadFixture(credited)
    const [account, caller] = [getAddress(wallet.address), stranger.account]
    const withdrawal = keys.write.withdrawFor([account, NATIVE], { account: caller })
    await balancesChange(withdrawal, [
      { address: account, amount: PRICE },
      { address: keys.address, amount: -PRICE },
    ])
    await refuses(keys.write.withdrawFor([account, NATIVE], { account: caller }), keys, 'Credits_NothingToWithdraw', [
      account,
      NATIVE,
    ])
  })

  it('keeps a credit that its owner refuses to be paid', async () => {
    const { keys, wallet, withdraw } = await loadFixture(credited)
    const account = getAddress(wallet.address)
    await wallet.write.refuse([true])
    await refuses(withdraw(NATIVE), keys, 'Credits_TransferFailed', [NATIVE, account, PRICE])
    assert.equal(await keys.read.creditOf([account, NATIVE]), PRICE)
    await wallet.write.refuse([false])
    await withdraw(NATIVE)
  })

  it('keeps a credit that the token refuses to pay', async () => {
    const { keys, wallet, silent, withdraw } = await loadFixture(credited)
    const [account, token] = [getAddress(wallet.address), getAddress(silent.address)]
    await silent.write.freeze([true])
    await refuses(withdraw(token), keys, 'Credits_TransferFailed', [token, account, PRICE])
    await silent.write.freeze([false])
    await withdraw(token)
    assert.equal(await silent.read.balanceOf([account]), PRICE)
  })

  it('pays nobody who was credited nothing', async () => {
    const { keys, stranger } = await loadFixture(credited)
    const address = getAddress(stranger.account.address)
    const withdrawal = keys.write.withdraw([NATIVE], { account: stranger.account })
    await refuses(withdrawal, keys, 'Credits_NothingToWithdraw', [address, NATIVE])
  })
})
