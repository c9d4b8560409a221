import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { concat, encodeFunctionData, getAddress, keccak256, pad, sliceHex, toHex } from 'viem'
import type { Hex } from 'viem'
import { generateSession, sessionId } from '../../sdk/src/session/index.ts'
import { at, balancesChange, emits, refuses } from './support/assertions.ts'
import { CHALLENGE, ETHER, fund, makeClaim, makeIntent, openChannel, packClaim, randomHex } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now } from './support/fixture.ts'

const { loadFixture } = networkHelpers

/** What `ticks` more links after `tick` lead to. */
function follow(tick: Hex, ticks: number): Hex {
  return ticks === 0 ? tick : follow(keccak256(tick), ticks - 1)
}

async function openedChannel() {
  const sluice = await deploySluice()
  await fund(sluice)
  const channel = await openChannel(sluice, { amount: 1000n })
  return { ...sluice, channel, payeeAddress: getAddress(sluice.payee.account.address) }
}

describe('SliceChannels: claim', () => {
  it('pays the payee what the voucher adds, whoever calls', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress, stranger } = sluice
    const account = stranger.account
    const first = channels.write.claim([await makeClaim(sluice, channel, { cumulative: 300n })], { account })
    await balancesChange(first, [{ address: payeeAddress, amount: 300n }])
    const second = channels.write.claim([await makeClaim(sluice, channel, { cumulative: 450n })], { account })
    await emits(second, channels, 'Claimed', [channel.channelId, payeeAddress, 150n, 450n])
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 450n)
  })

  it('adds the revealed ticks, up to the voucher’s maximum', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress } = sluice
    const terms = { cumulative: 100n, tickValue: 7n, maxTicks: 20 }
    const claim = await makeClaim(sluice, channel, { ...terms, ticks: 20 })
    await emits(channels.write.claim([claim]), channels, 'Claimed', [channel.channelId, payeeAddress, 240n, 240n])
    const beyond = await makeClaim(sluice, channel, { ...terms, ticks: 21, tick: randomHex() })
    await refuses(channels.write.claim([beyond]), channels, 'SliceChannels_TicksExceeded', [21, 20])
  })

  it('pays a chain of 1,024 ticks, and refuses a longer one even unrevealed', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel } = sluice
    const longest = await makeClaim(sluice, channel, { cumulative: 0n, tickValue: 0n, maxTicks: 1025, ticks: 0 })
    await refuses(channels.write.claim([longest]), channels, 'SliceChannels_TicksExceeded', [1025, 1024])
    const claim = await makeClaim(sluice, channel, { cumulative: 0n, tickValue: 1n, maxTicks: 1024, ticks: 1024 })
    await assert.rejects(channels.write.claim([{ ...claim, ticks: 1023 }]))
    await channels.write.claim([claim])
    assert.equal((await channels.read.channelOf([channel.channelId])).claimed, 1000n)
  })

  it('requires the root itself where no tick is revealed, and the true link where some are', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel } = sluice
    const wrong = randomHex()
    const none = { ...(await makeClaim(sluice, channel, { maxTicks: 5 })), tick: wrong }
    await refuses(channels.write.claim([none]), channels, 'SliceChannels_TickInvalid', [
      channel.channelId,
      wrong,
      none.voucher.tickRoot,
    ])
    const claim = await makeClaim(sluice, channel, { cumulative: 1n, maxTicks: 5, ticks: 3 })
    for (const ticks of [2, 4]) {
      const shifted = channels.write.claim([{ ...claim, ticks }])
      const roots = [follow(claim.tick, ticks), claim.voucher.tickRoot] as const
      await refuses(shifted, channels, 'SliceChannels_TickInvalid', [channel.channelId, ...roots])
    }
    await channels.write.claim([claim])
  })

  it('refuses a voucher at or below the last claim', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel } = sluice
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 300n })])
    for (const cumulative of [300n, 299n]) {
      const claim = await makeClaim(sluice, channel, { cumulative })
      const call = channels.write.claim([claim])
      await refuses(call, channels, 'SliceChannels_VoucherStale', [channel.channelId, cumulative, 300n])
    }
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 301n })])
  })

  it('says so where the deposit is spent and the voucher promises more', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel } = sluice
    const claim = await makeClaim(sluice, channel, { cumulative: 1500n })
    await channels.write.claim([claim])
    const spent = [channel.channelId, 1500n, 1000n] as const
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_DepositSpent', [...spent])
  })

  it('refuses a forged voucher, another channel’s and an unknown channel', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, session } = sluice
    const forged = await makeClaim(sluice, channel, { session: await generateSession() })
    await refuses(channels.write.claim([forged]), channels, 'SliceChannels_SignatureInvalid', [
      channel.channelId,
      sessionId(session.publicKey),
    ])
    const other = await openChannel(sluice)
    const foreign = { ...(await makeClaim(sluice, other)), descriptor: channel.descriptor }
    await refuses(channels.write.claim([foreign]), channels, 'SliceChannels_ChannelMismatch', [
      other.channelId,
      channel.channelId,
    ])
    const unopened = await makeIntent(sluice)
    const channelId = await channels.read.channelIdOf([unopened])
    const unknown = await makeClaim(sluice, { channelId, descriptor: unopened })
    await refuses(channels.write.claim([unknown]), channels, 'SliceChannels_ChannelUnknown', [channelId])
  })
})

describe('SliceChannels: claimBatch', () => {
  /** The word in which a batch's event names a channel and its total. */
  const total = (channelId: Hex, claimed: bigint) => concat([sliceHex(channelId, 0, 20), toHex(claimed, { size: 12 })])

  it('pays many channels of one payee in one transfer, and says each one’s total', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, token, payeeAddress, client } = sluice
    await fund(sluice, 900n, token.address)
    const first = await openChannel(sluice, { amount: 400n, token: token.address })
    const second = await openChannel(sluice, { amount: 500n, token: token.address })
    await channels.write.claim([await makeClaim(sluice, second, { cumulative: 3n })])
    const claims = [
      packClaim(await makeClaim(sluice, first, { cumulative: 10n, tickValue: 2n, maxTicks: 9, ticks: 4 })),
      packClaim(await makeClaim(sluice, second, { cumulative: 900n })),
    ]
    const batch = channels.write.claimBatch([payeeAddress, token.address, claims])
    const totals = [total(first.channelId, 18n), total(second.channelId, 500n)]
    await emits(batch, channels, 'BatchClaimed', [payeeAddress, getAddress(token.address), totals])
    assert.equal(await token.read.balanceOf([payeeAddress]), 518n)
    const { logs } = await client.getTransactionReceipt({ hash: await batch })
    assert.equal(logs.filter(({ address }) => getAddress(address) === getAddress(token.address)).length, 1)
    assert.equal((await channels.read.channelOf([first.channelId])).claimed, 18n)
  })

  it('skips what has nothing to add or is closed, and refuses what is forged or unknown', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payee, payeeAddress, session, client } = sluice
    const closed = await openChannel(sluice)
    const live = await openChannel(sluice, { amount: 1000n })
    const stale = await makeClaim(sluice, channel, { cumulative: 100n })
    await channels.write.claim([stale])
    await channels.write.closeNow([closed.descriptor], { account: payee.account })
    const claims = [stale, await makeClaim(sluice, closed), await makeClaim(sluice, live, { cumulative: 5n })]
    const batch = (of: typeof claims) => channels.write.claimBatch([payeeAddress, NATIVE, of.map(packClaim)])
    const first = batch(claims)
    await balancesChange(first, [{ address: payeeAddress, amount: 5n }])
    await emits(first, channels, 'BatchClaimed', [payeeAddress, NATIVE, [total(live.channelId, 5n)]])
    await balancesChange(batch(claims), [{ address: payeeAddress, amount: 0n }])
    const silent = await client.getTransactionReceipt({ hash: await batch([]) })
    assert.deepEqual(silent.logs, [])

    const forged = await makeClaim(sluice, live, { cumulative: 6n, session: await generateSession() })
    const signer: [Hex, Hex] = [live.channelId, sessionId(session.publicKey)]
    await refuses(batch([stale, forged]), channels, 'SliceChannels_SignatureInvalid', signer)
    const unopened = await makeIntent(sluice)
    const channelId = await channels.read.channelIdOf([unopened])
    const unknown = await makeClaim(sluice, { channelId, descriptor: unopened })
    await refuses(batch([stale, unknown]), channels, 'SliceChannels_ChannelUnknown', [channelId])
  })

  it('counts one channel once, however often it is claimed in a batch', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress } = sluice
    const claim = packClaim(await makeClaim(sluice, channel, { cumulative: 600n }))
    const batch = channels.write.claimBatch([payeeAddress, NATIVE, [claim, claim, claim]])
    await balancesChange(batch, [{ address: payeeAddress, amount: 600n }])
  })

  it('finds no channel under another payee or token', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress, stranger, token } = sluice
    const claims = [packClaim(await makeClaim(sluice, channel))]
    for (const [payee, inToken] of [
      [stranger.account.address, NATIVE],
      [payeeAddress, token.address],
    ] as const) {
      const { payer, session, salt } = channel.descriptor
      const channelId = await channels.read.channelIdOf([{ payer, payee, token: inToken, session, salt }])
      const batch = channels.write.claimBatch([payee, inToken, claims])
      await refuses(batch, channels, 'SliceChannels_ChannelUnknown', [channelId])
    }
  })

  it('accepts ticks within the chain only, and their true link only', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress, session } = sluice
    const batch = (claim: Awaited<ReturnType<typeof makeClaim>>) =>
      channels.write.claimBatch([payeeAddress, NATIVE, [packClaim(claim)]])
    const claim = await makeClaim(sluice, channel, { cumulative: 1n, maxTicks: 5, ticks: 3 })
    const signer: [Hex, Hex] = [channel.channelId, sessionId(session.publicKey)]
    for (const ticks of [2, 4]) {
      await refuses(batch({ ...claim, ticks }), channels, 'SliceChannels_SignatureInvalid', signer)
    }
    await refuses(batch({ ...claim, ticks: 6 }), channels, 'SliceChannels_TicksExceeded', [6, 5])
    const longest = await makeClaim(sluice, channel, { maxTicks: 1025, ticks: 0 })
    await refuses(batch(longest), channels, 'SliceChannels_TicksExceeded', [1025, 1024])
    await balancesChange(batch(claim), [{ address: payeeAddress, amount: 31n }])
  })

  it('pays a chain of 1,024 ticks', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, payeeAddress } = sluice
    const channel = await openChannel(sluice, { amount: 2000n })
    const claim = await makeClaim(sluice, channel, { cumulative: 1n, tickValue: 1n, maxTicks: 1024, ticks: 1024 })
    const batch = channels.write.claimBatch([payeeAddress, NATIVE, [packClaim(claim)]])
    await balancesChange(batch, [{ address: payeeAddress, amount: 1025n }])
  })

  it('finds no channel where the payer’s word has more than an address', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payeeAddress, payer, stranger, domain } = sluice
    const claim = packClaim(await makeClaim(sluice, channel))
    const args = [payeeAddress, NATIVE, [claim]] as const
    const data = encodeFunctionData({ abi: channels.abi, functionName: 'claimBatch', args })
    const clean = pad(payer.account.address).toLowerCase() as Hex
    const dirty = `0x01${clean.slice(4)}` as const
    assert.equal(data.split(clean.slice(2)).length, 2)
    const { qx, qy } = channel.descriptor.session
    const words = [
      toHex(domain.chainId),
      channels.address,
      dirty,
      payeeAddress,
      NATIVE,
      qx,
      qy,
      channel.descriptor.salt,
    ]
    const call = stranger.sendTransaction({
      to: channels.address,
      data: data.replace(clean.slice(2), dirty.slice(2)) as Hex,
    })
    const channelId = keccak256(concat(words.map((word) => pad(word))))
    await refuses(call, channels, 'SliceChannels_ChannelUnknown', [channelId])
  })
})

describe('SliceChannels: close', () => {
  it('closes at once for the payee alone, and refunds the payer’s escrow', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer, payee, payeeAddress } = sluice
    const from = getAddress(payer.account.address)
    const claim = await makeClaim(sluice, channel)
    for (const call of [
      () => channels.write.closeNow([channel.descriptor], { account: payer.account }),
      () => channels.write.claimAndClose([claim], { account: payer.account }),
    ]) {
      await refuses(call(), channels, 'SliceChannels_NotPayee', [from, payeeAddress])
    }
    await channels.write.claim([await makeClaim(sluice, channel, { cumulative: 400n })])
    const close = channels.write.closeNow([channel.descriptor], { account: payee.account })
    await emits(close, channels, 'ChannelClosed', [channel.channelId, 400n, 600n])
    assert.equal(await channels.read.balanceOf([from, NATIVE]), ETHER - 400n)
    assert.deepEqual(await channels.read.channelOf([channel.channelId]), {
      deposit: 1000n,
      claimed: 400n,
      closesAt: 2 ** 40 - 1,
      challenge: CHALLENGE,
    })
  })

  it('claims and closes in one step, also where somebody claimed first', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payee, payeeAddress, stranger } = sluice
    const account = payee.account
    const one = await makeClaim(sluice, channel, { cumulative: 400n })
    const both = channels.write.claimAndClose([one], { account })
    await emits(both, channels, 'ChannelClosed', [channel.channelId, 400n, 600n])
    await emits(both, channels, 'Claimed', [channel.channelId, payeeAddress, 400n, 400n])

    const next = await openChannel(sluice, { amount: 1000n })
    const claim = await makeClaim(sluice, next, { cumulative: 900n })
    await channels.write.claim([claim], { account: stranger.account })
    await emits(channels.write.claimAndClose([claim], { account }), channels, 'ChannelClosed', [
      next.channelId,
      900n,
      100n,
    ])
  })

  it('gives the payee the whole challenge window, and finalises at exactly its end', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer, payeeAddress, stranger } = sluice
    const { descriptor, channelId } = channel
    const from = getAddress(payer.account.address)
    await refuses(channels.write.requestClose([descriptor]), channels, 'SliceChannels_NotPayer', [
      getAddress(sluice.deployer.account.address),
      from,
    ])
    await refuses(channels.write.finalizeClose([descriptor]), channels, 'SliceChannels_NotClosing', [channelId])
    await channels.write.requestClose([descriptor], { account: payer.account })
    const closesAt = (await now()) + BigInt(CHALLENGE)
    await refuses(
      channels.write.requestClose([descriptor], { account: payer.account }),
      channels,
      'SliceChannels_ChannelClosing',
      [channelId, closesAt],
    )

    const first = await makeClaim(sluice, channel, { cumulative: 100n })
    const last = await makeClaim(sluice, channel, { cumulative: 250n })
    await emits(channels.write.claim([first]), channels, 'Claimed', [channelId, payeeAddress, 100n, 100n])
    await at(closesAt - 1n)
    await refuses(channels.write.finalizeClose([descriptor]), channels, 'SliceChannels_CloseTooEarly', [
      closesAt - 1n,
      closesAt,
    ])
    await at(closesAt)
    await channels.write.claim([last])
    await at(closesAt + 1n)
    await emits(channels.write.finalizeClose([descriptor], { account: stranger.account }), channels, 'ChannelClosed', [
      channelId,
      250n,
      750n,
    ])
    assert.equal(await channels.read.balanceOf([from, NATIVE]), ETHER - 250n)
  })

  it('finalises in the very second that the window ends', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer } = sluice
    await channels.write.requestClose([channel.descriptor], { account: payer.account })
    await at((await now()) + BigInt(CHALLENGE))
    await channels.write.finalizeClose([channel.descriptor])
  })

  it('lets the payee close in the window', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer, payee } = sluice
    await channels.write.requestClose([channel.descriptor], { account: payer.account })
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
  })

  it('does nothing more with a closed channel, or one never opened', async () => {
    const sluice = await loadFixture(openedChannel)
    const { channels, channel, payer, payee } = sluice
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    const claim = await makeClaim(sluice, channel)
    for (const call of [
      () => channels.write.claim([claim]),
      () => channels.write.claimAndClose([claim], { account: payee.account }),
      () => channels.write.closeNow([channel.descriptor], { account: payee.account }),
      () => channels.write.requestClose([channel.descriptor], { account: payer.account }),
      () => channels.write.finalizeClose([channel.descriptor]),
    ]) {
      await refuses(call(), channels, 'SliceChannels_ChannelClosed', [channel.channelId])
    }
    const unopened = { ...channel.descriptor, salt: randomHex() }
    const channelId = await channels.read.channelIdOf([unopened])
    await refuses(
      channels.write.requestClose([unopened], { account: payer.account }),
      channels,
      'SliceChannels_ChannelUnknown',
      [channelId],
    )
  })
})
