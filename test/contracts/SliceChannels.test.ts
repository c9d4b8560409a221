import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeAbiParameters, getAddress, keccak256, zeroHash } from 'viem'
import { sessionId } from '../../sdk/src/session/index.ts'
import { at, emits, refuses } from './support/assertions.ts'
import {
  CHALLENGE,
  ETHER,
  fund,
  makeIntent,
  openChannel,
  randomHex,
  signIntent,
  signTopUp,
} from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from './support/fixture.ts'

const { loadFixture } = networkHelpers
const MAX = 2n ** 96n - 1n

describe('SliceChannels: open', () => {
  it('moves the amount from the escrow into a channel, whoever submits', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, payee, stranger } = sluice
    await fund(sluice)
    const intent = await makeIntent(sluice, { amount: 300n })
    const channelId = await channels.read.channelIdOf([intent])
    const { qx, qy } = intent.session
    const open = channels.write.open([intent, await signIntent(sluice, intent)], { account: stranger.account })
    const [from, to] = [getAddress(payer.account.address), getAddress(payee.account.address)]
    await emits(open, channels, 'ChannelOpened', [channelId, from, to, NATIVE, qx, qy, intent.salt, 300n, CHALLENGE])
    assert.deepEqual(await channels.read.channelOf([channelId]), {
      deposit: 300n,
      claimed: 0n,
      closesAt: 0,
      challenge: CHALLENGE,
    })
    assert.equal(await channels.read.balanceOf([from, NATIVE]), ETHER - 300n)
  })

  it('takes an intent up to and including its deadline, at most an hour ahead', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels } = sluice
    await fund(sluice)
    const time = (await now()) + 50n
    const signed = async (deadline: bigint) => {
      const intent = await makeIntent(sluice, { amount: 1n, deadline })
      return [intent, await signIntent(sluice, intent)] as const
    }
    const [past, far, last, farthest] = await Promise.all([time - 1n, time + 3601n, time, time + 3601n].map(signed))
    assert.ok(past && far && last && farthest)
    await at(time)
    await refuses(channels.write.open(past), channels, 'SliceChannels_OrderExpired', [time - 1n, time])
    await at(time)
    await refuses(channels.write.open(far), channels, 'SliceChannels_OrderTooFar', [time + 3601n, time + 3600n])
    await at(time)
    await channels.write.open(last)
    await at(time + 1n)
    await channels.write.open(farthest)
  })

  it('refuses zero, more than a word holds, and more than the escrow has', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer, session } = sluice
    await fund(sluice, 100n)
    await channels.write.authorize([session.publicKey, NATIVE, MAX, (await now()) + 999n], { account: payer.account })
    const open = async (amount: bigint) => {
      const intent = await makeIntent(sluice, { amount })
      return channels.write.open([intent, await signIntent(sluice, intent)])
    }
    await refuses(open(0n), channels, 'SliceChannels_AmountZero', [])
    await refuses(open(MAX + 1n), channels, 'SliceChannels_AmountTooLarge', [MAX + 1n, MAX])
    await refuses(open(101n), channels, 'SliceChannels_InsufficientEscrow', [
      getAddress(payer.account.address),
      NATIVE,
      101n,
      100n,
    ])
    await open(100n)
  })

  it('refuses payees that could not be paid', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels } = sluice
    await fund(sluice)
    for (const payee of [NATIVE, getAddress(channels.address)]) {
      const intent = await makeIntent(sluice, { payee })
      const open = channels.write.open([intent, await signIntent(sluice, intent)])
      await refuses(open, channels, 'SliceChannels_PayeeInvalid', [payee])
    }
  })

  it('refuses an intent of which anything was changed', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, session, stranger, token } = sluice
    await fund(sluice)
    const intent = await makeIntent(sluice)
    const signature = await signIntent(sluice, intent)
    for (const change of [
      { payer: stranger.account.address },
      { payee: stranger.account.address },
      { token: token.address },
      { amount: intent.amount + 1n },
      { challenge: intent.challenge - 1 },
      { salt: randomHex() },
      { deadline: intent.deadline + 1n },
    ]) {
      const changed = { ...intent, ...change }
      const channelId = await channels.read.channelIdOf([changed])
      const open = channels.write.open([changed, signature])
      await refuses(open, channels, 'SliceChannels_SignatureInvalid', [channelId, sessionId(session.publicKey)])
    }
  })

  it('opens what can be opened of many, and says which', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels } = sluice
    await fund(sluice, 100n)
    const batch = async (...amounts: bigint[]) => {
      const intents = await Promise.all(amounts.map((amount) => makeIntent(sluice, { amount })))
      const signatures = await Promise.all(intents.map((intent) => signIntent(sluice, intent)))
      return { intents, signatures }
    }
    const { intents, signatures } = await batch(60n, 41n, 40n)
    await refuses(channels.write.openBatch([intents, signatures.slice(1)]), channels, 'SliceChannels_LengthMismatch', [
      3n,
      2n,
    ])
    const ids = await Promise.all(intents.map((intent) => channels.read.channelIdOf([intent])))
    const opened = await channels.simulate.openBatch([intents, signatures])
    assert.deepEqual(opened.result, [ids[0], zeroHash, ids[2]])
    // Somebody who sees the batch coming opens the first of it before.
    await channels.write.open([intents[0]!, signatures[0]!])
    await channels.write.openBatch([intents, signatures])
    const deposits = await Promise.all(ids.map(async (id) => (await channels.read.channelOf([id])).deposit))
    assert.deepEqual(deposits, [60n, 0n, 40n])
  })

  it('keeps the channel in one word: deposit, claimed, closesAt, challenge from the low bits up', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, client, payer } = sluice
    await fund(sluice)
    const { channelId, descriptor } = await openChannel(sluice, { amount: 0xabcdefn, challenge: 0x123456 })
    await channels.write.requestClose([descriptor], { account: payer.account })
    const closesAt = (await now()) + 0x123456n
    const word = 0xabcdefn | (closesAt << 192n) | (0x123456n << 232n)
    assert.equal(await findWord(client, channels.address, channelId), word)
  })
})

describe('SliceChannels: topUp', () => {
  const order = async (channelId: `0x${string}`, newDeposit: bigint) => ({
    channelId,
    newDeposit,
    deadline: (await now()) + 600n,
  })

  it('raises the deposit to an absolute value', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, payer } = sluice
    await fund(sluice, 1000n)
    const { channelId, descriptor } = await openChannel(sluice, { amount: 300n })
    const raise = await order(channelId, 500n)
    const signature = await signTopUp(sluice, raise)
    await emits(channels.write.topUp([descriptor, raise, signature]), channels, 'ChannelToppedUp', [channelId, 500n])
    assert.equal(await channels.read.balanceOf([payer.account.address, NATIVE]), 500n)
  })

  it('counts against the session’s allowance and the escrow', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, session } = sluice
    await fund(sluice, 1000n)
    const { channelId, descriptor } = await openChannel(sluice, { amount: 300n })
    const raise = await order(channelId, 1001n)
    await refuses(
      channels.write.topUp([descriptor, raise, await signTopUp(sluice, raise)]),
      channels,
      'SliceChannels_InsufficientAllowance',
      [sessionId(session.publicKey), 701n, 700n],
    )
    const over = await order(channelId, MAX + 1n)
    await refuses(
      channels.write.topUp([descriptor, over, await signTopUp(sluice, over)]),
      channels,
      'SliceChannels_AmountTooLarge',
      [MAX + 1n, MAX],
    )
  })

  it('refuses another channel’s order, a forged one and a late one', async () => {
    const sluice = await loadFixture(deploySluice)
    const { channels, session } = sluice
    await fund(sluice, 1000n)
    const one = await openChannel(sluice, { amount: 100n })
    const two = await openChannel(sluice, { amount: 100n })
    const raise = await order(one.channelId, 200n)
    const signature = await signTopUp(sluice, raise)
    await refuses(channels.write.topUp([two.descriptor, raise, signature]), channels, 'SliceChannels_ChannelMismatch', [
      one.channelId,
      two.channelId,
    ])
    await refuses(
      channels.write.topUp([one.descriptor, { ...raise, newDeposit: 201n }, signature]),
      channels,
      'SliceChannels_SignatureInvalid',
      [one.channelId, sessionId(session.publicKey)],
    )
    await at(raise.deadline + 1n)
    await refuses(channels.write.topUp([one.descriptor, raise, signature]), channels, 'SliceChannels_OrderExpired', [
      raise.deadline,
      raise.deadline + 1n,
    ])
  })
})

/** The mapping's slot is private: look through the first few for the one that holds the channel. */
async function findWord(
  client: Awaited<ReturnType<typeof deploySluice>>['client'],
  address: `0x${string}`,
  channelId: `0x${string}`,
): Promise<bigint> {
  for (let slot = 0n; slot < 16n; slot++) {
    const key = keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [channelId, slot]))
    const word = BigInt((await client.getStorageAt({ address, slot: key })) ?? 0)
    if (word !== 0n) return word
  }
  return 0n
}
