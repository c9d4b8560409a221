import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { zeroHash } from 'viem'
import { refuses } from '../support/assertions.ts'
import { farAhead, fund, makeClaim, makeIntent, openChannel, signIntent } from '../support/channels.ts'
import type { OpenedChannel } from '../support/channels.ts'
import { deploySluice, NATIVE, networkHelpers } from '../support/fixture.ts'
import type { Sluice } from '../support/fixture.ts'

const { loadFixture } = networkHelpers
const CLOSED = 2 ** 40 - 1
const AMOUNT = 1000n

/** Every way in which a channel can end. */
const ENDS: Record<string, (sluice: Sluice, channel: OpenedChannel) => Promise<unknown>> = {
  'closed by its payee': ({ channels, payee }, { descriptor }) =>
    channels.write.closeNow([descriptor], { account: payee.account }),
  'claimed and closed in one step': async (sluice, channel) => {
    const claim = await makeClaim(sluice, channel, { cumulative: 400n })
    return sluice.channels.write.claimAndClose([claim], { account: sluice.payee.account })
  },
  'closed after all of it was claimed': async (sluice, channel) => {
    await sluice.channels.write.claim([await makeClaim(sluice, channel, { cumulative: AMOUNT })])
    return sluice.channels.write.closeNow([channel.descriptor], { account: sluice.payee.account })
  },
  'closed by its payer after the challenge': async ({ channels, payer }, { descriptor, intent }) => {
    await channels.write.requestClose([descriptor], { account: payer.account })
    await networkHelpers.time.increase(intent.challenge)
    return channels.write.finalizeClose([descriptor])
  },
  'closed by its payee while the payer waits': async ({ channels, payer, payee }, { descriptor }) => {
    await channels.write.requestClose([descriptor], { account: payer.account })
    return channels.write.closeNow([descriptor], { account: payee.account })
  },
}

async function opened() {
  const sluice = await deploySluice()
  await fund(sluice)
  return { ...sluice, channel: await openChannel(sluice, { amount: AMOUNT }) }
}

/** The channel's own intent, and everything that could be asked for under the same id. */
async function refusesToReopen(sluice: Sluice, { intent, channelId }: OpenedChannel) {
  const { deadline } = await makeIntent(sluice)
  const variants = [{}, { amount: 5n }, { challenge: 0 }, { amount: AMOUNT + 1n, challenge: 2 ** 24 - 1 }]
  for (const change of variants) {
    const again = { ...intent, deadline, ...change }
    const open = sluice.channels.write.open([again, await signIntent(sluice, again)])
    await refuses(open, sluice.channels, 'SliceChannels_ChannelExists', [channelId])
  }
}

describe('bug class: reopening an id', () => {
  it('refuses an id that is open', async () => {
    const { channel, ...sluice } = await loadFixture(opened)
    await refusesToReopen(sluice, channel)
  })

  for (const [name, end] of Object.entries(ENDS)) {
    it(`refuses an id that was ${name}, and keeps its word`, async () => {
      const { channel, ...sluice } = await loadFixture(opened)
      const { channels } = sluice
      await end(sluice, channel)
      const word = await channels.read.channelOf([channel.channelId])
      assert.equal(word.closesAt, CLOSED)
      await refusesToReopen(sluice, channel)
      assert.deepEqual(await channels.read.channelOf([channel.channelId]), word)
    })
  }

  it('refuses an id of a session that was revoked and authorised anew', async () => {
    const { channel, ...sluice } = await loadFixture(opened)
    const { channels, payer, payee, session } = sluice
    const account = payer.account
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    await channels.write.revoke([session.publicKey], { account })
    await channels.write.authorize([session.publicKey, NATIVE, AMOUNT, await farAhead()], { account })
    await refusesToReopen(sluice, channel)
  })

  it('opens an id once, however often it is in a batch', async () => {
    const sluice = await loadFixture(opened)
    const { channels } = sluice
    const intent = await makeIntent(sluice, { amount: 5n })
    const signature = await signIntent(sluice, intent)
    const channelId = await channels.read.channelIdOf([intent])
    const twice = [
      [intent, intent],
      [signature, signature],
    ] as const
    assert.deepEqual((await channels.simulate.openBatch(twice)).result, [channelId, zeroHash])
    const escrow = await channels.read.balanceOf([intent.payer, NATIVE])
    await channels.write.openBatch(twice)
    assert.equal((await channels.read.channelOf([channelId])).deposit, 5n)
    assert.equal(await channels.read.balanceOf([intent.payer, NATIVE]), escrow - 5n)
  })

  it('pays no voucher of a closed channel again', async () => {
    const { channel, ...sluice } = await loadFixture(opened)
    const { channels, payee } = sluice
    const claim = await makeClaim(sluice, channel, { cumulative: 400n })
    await channels.write.closeNow([channel.descriptor], { account: payee.account })
    await openChannel(sluice, { amount: AMOUNT })
    await refuses(channels.write.claim([claim]), channels, 'SliceChannels_ChannelClosed', [channel.channelId])
  })
})
