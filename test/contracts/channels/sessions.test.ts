import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress } from 'viem'
import type { Address } from 'viem'
import { generateSession, sessionId } from '../../../sdk/src/session/index.ts'
import { at, emits, refuses, refusesWith } from '../support/assertions.ts'
import { farAhead, fund, makeClaim, makeIntent, openChannel, signIntent, signTopUp } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const ZERO = `0x${'00'.repeat(32)}` as const

describe('Sessions', () => {
  it('authorises without a deposit, with no limit, under keccak256(abi.encode(qx, qy))', async () => {
    const { channels, payer, session } = await loadFixture(deploySluice)
    const { qx, qy } = session.publicKey
    const expiry = await farAhead()
    const call = channels.write.authorize([session.publicKey, NATIVE, 0n, expiry], { account: payer.account })
    const address = getAddress(payer.account.address)
    await emits(call, channels, 'SessionAuthorized', [
      address,
      sessionId(session.publicKey),
      NATIVE,
      qx,
      qy,
      0n,
      expiry,
    ])
    assert.equal(await channels.read.sessionExpiry([address, session.publicKey]), expiry)
    assert.deepEqual(await channels.read.grantOf([address, session.publicKey, NATIVE]), {
      expiry,
      limit: 0n,
      remaining: 0n,
    })
  })

  it('refuses an expiry that is not ahead, or cannot be stored', async () => {
    const { channels, session } = await loadFixture(deploySluice)
    const authorize = (expiry: bigint) => channels.write.authorize([session.publicKey, NATIVE, 0n, expiry])
    const time = (await now()) + 10n
    await at(time)
    await refuses(authorize(time), channels, 'SliceChannels_ExpiryPast', [time, time])
    await refuses(authorize(2n ** 40n), channels, 'SliceChannels_ExpiryTooFar', [2n ** 40n, 2n ** 40n - 1n])
    await at(time)
    await authorize(time + 1n)
  })

  it('has one expiry for all tokens, set by the last grant', async () => {
    const { channels, token, session, deployer } = await loadFixture(deploySluice)
    const key = session.publicKey
    const expiry = await farAhead()
    const account = deployer.account.address
    await channels.write.authorize([key, NATIVE, 10n, expiry])
    await channels.write.authorize([key, token.address, 20n, expiry + 5n])
    assert.deepEqual(await channels.read.grantOf([account, key, NATIVE]), {
      expiry: expiry + 5n,
      limit: 10n,
      remaining: 10n,
    })
    assert.deepEqual(await channels.read.grantOf([account, key, token.address]), {
      expiry: expiry + 5n,
      limit: 20n,
      remaining: 20n,
    })
  })

  it('brings no allowance back to life after a revocation, in any token', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer, session } = sluice
    const [account, key] = [payer.account, session.publicKey]
    const expiry = await farAhead()
    await fund(sluice)
    await fund(sluice, 1000n, token.address)
    await emits(channels.write.revoke([key], { account }), channels, 'SessionRevoked', [
      getAddress(account.address),
      sessionId(key),
    ])
    assert.equal(await channels.read.sessionExpiry([account.address, key]), 0n)

    const other = await sluice.registry.read.contentIdOf([account.address, ZERO])
    const unrelated = getAddress(`0x${other.slice(2, 42)}`)
    await channels.write.authorize([key, unrelated, 5n, expiry], { account })
    for (const inToken of [NATIVE, token.address]) {
      assert.deepEqual(await channels.read.grantOf([account.address, key, inToken]), {
        expiry,
        limit: 0n,
        remaining: 0n,
      })
      const intent = await makeIntent(sluice, { token: inToken, amount: 1n })
      const call = channels.write.open([intent, await signIntent(sluice, intent)])
      await refuses(call, channels, 'SliceChannels_InsufficientAllowance', [sessionId(key), 1n, 0n])
    }
  })

  it('brings no allowance back to life after a session ran out', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer, session } = sluice
    const [account, key] = [payer.account, session.publicKey]
    await fund(sluice)
    await networkHelpers.time.increase(2n * 86_400n)
    const expiry = await farAhead()
    await channels.write.authorize([key, token.address, 5n, expiry], { account })
    assert.deepEqual(await channels.read.grantOf([account.address, key, NATIVE]), {
      expiry,
      limit: 0n,
      remaining: 0n,
    })
  })

  it('lets a session open up to the second before its expiry', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, session } = sluice
    const expiry = (await now()) + 100n
    // By the chain's clock: a slow machine's own may be past the expiry already.
    await at(expiry - 99n)
    await channels.write.depositAndAuthorize([NATIVE, 100n, session.publicKey, 100n, expiry], {
      account: payer.account,
      value: 100n,
    })
    const intent = await makeIntent(sluice, { amount: 1n })
    const late = await makeIntent(sluice, { amount: 1n })
    const signatures = [await signIntent(sluice, intent), await signIntent(sluice, late)] as const
    await at(expiry - 1n)
    await channels.write.open([intent, signatures[0]])
    await at(expiry)
    await refuses(channels.write.open([late, signatures[1]]), channels, 'SliceChannels_SessionExpired', [
      sessionId(session.publicKey),
      expiry,
      expiry,
    ])
  })

  it('draws the allowance down and restores it by refunds, up to the limit', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer, payee, session } = sluice
    for (const inToken of [NATIVE, token.address]) {
      await fund(sluice, 1000n, inToken)
      const remaining = async () =>
        (await channels.read.grantOf([payer.account.address, session.publicKey, inToken])).remaining
      const channel = await openChannel(sluice, { amount: 600n, token: inToken })
      assert.equal(await remaining(), 400n)
      const intent = await makeIntent(sluice, { amount: 401n, token: inToken })
      await refuses(
        channels.write.open([intent, await signIntent(sluice, intent)]),
        channels,
        'SliceChannels_InsufficientAllowance',
        [sessionId(session.publicKey), 401n, 400n],
      )
      const claim = await makeClaim(sluice, channel, { cumulative: 100n })
      await channels.write.claimAndClose([claim], { account: payee.account })
      assert.equal(await remaining(), 900n)

      const second = await openChannel(sluice, { amount: 500n, token: inToken })
      await channels.write.authorize([session.publicKey, inToken, 700n, await farAhead()], { account: payer.account })
      await channels.write.closeNow([second.descriptor], { account: payee.account })
      assert.equal(await remaining(), 700n)
    }
  })

  it('restores nothing to a session that was revoked', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, payee, session } = sluice
    await fund(sluice, 1000n)
    const channel = await openChannel(sluice, { amount: 600n })
    await channels.write.revoke([session.publicKey], { account: payer.account })
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    const grant = await channels.read.grantOf([payer.account.address, session.publicKey, NATIVE])
    assert.deepEqual(grant, { expiry: 0n, limit: 0n, remaining: 0n })
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 1000n)
  })

  it('restores nothing in a token that the session was not granted anew after it was revoked', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, token, payer, payee, session } = sluice
    const account = payer.account
    await fund(sluice, 1000n, token.address)
    const channel = await openChannel(sluice, { amount: 600n, token: token.address })
    await channels.write.revoke([session.publicKey], { account })
    const expiry = await farAhead()
    await channels.write.authorize([session.publicKey, NATIVE, 50n, expiry], { account })
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    const grantIn = (inToken: Address) => channels.read.grantOf([account.address, session.publicKey, inToken])
    assert.deepEqual(await grantIn(token.address), { expiry, limit: 0n, remaining: 0n })
    assert.deepEqual(await grantIn(NATIVE), { expiry, limit: 50n, remaining: 50n })
    await channels.write.authorize([session.publicKey, token.address, 0n, expiry], { account })
    assert.deepEqual(await grantIn(token.address), { expiry, limit: 0n, remaining: 0n })
  })

  it('stops opens and top-ups of a revoked session, and no claim', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, payee, session } = sluice
    await fund(sluice)
    const channel = await openChannel(sluice)
    const claim = await makeClaim(sluice, channel, { cumulative: 77n })
    await channels.write.revoke([session.publicKey], { account: payer.account })
    const intent = await makeIntent(sluice)
    const open = channels.write.open([intent, await signIntent(sluice, intent)])
    await refusesWith(open, channels, 'SliceChannels_SessionExpired')
    const deadline = (await now()) + 600n
    const order = { channelId: channel.channelId, newDeposit: channel.intent.amount + 1n, deadline }
    const topUp = channels.write.topUp([channel.descriptor, order, await signTopUp(sluice, order)])
    await refusesWith(topUp, channels, 'SliceChannels_SessionExpired')
    await emits(channels.write.claim([claim], { account: payee.account }), channels, 'Claimed', [
      channel.channelId,
      getAddress(payee.account.address),
      77n,
      77n,
    ])
  })

  it('keeps wallets apart that use one session', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, stranger, session } = sluice
    await fund(sluice)
    await channels.write.deposit([NATIVE, 100n], { account: stranger.account, value: 100n })
    const intent = await makeIntent(sluice, { payer: stranger.account.address, amount: 1n })
    const open = channels.write.open([intent, await signIntent(sluice, intent)])
    await refusesWith(open, channels, 'SliceChannels_SessionExpired')
    await channels.write.revoke([session.publicKey], { account: stranger.account })
    assert.notEqual(await channels.read.sessionExpiry([payer.account.address, session.publicKey]), 0n)
  })

  it('refuses another session’s signature', async () => {
    const sluice = await loadFixture(deploySluice)
    await fund(sluice)
    const intent = await makeIntent(sluice)
    const forged = await signIntent(sluice, intent, await generateSession())
    await refuses(sluice.channels.write.open([intent, forged]), sluice.channels, 'SliceChannels_SignatureInvalid', [
      await sluice.channels.read.channelIdOf([intent]),
      sessionId(sluice.session.publicKey),
    ])
  })
})
