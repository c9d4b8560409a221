import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress, zeroAddress, zeroHash } from 'viem'
import { packHandle } from '../../sdk/src/social/index.ts'
import type { SocialRefusal } from '../../sdk/src/social/index.ts'
import { at, emits, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, networkHelpers, now } from './support/fixture.ts'
import type { Sluice } from './support/fixture.ts'
import { createEdition, publish } from './support/keys.ts'
import { DAY, giveKey, refusal, sellKey, startDay } from './support/social.ts'

const { loadFixture } = networkHelpers

const refusesFor = (call: Promise<unknown>, { social }: Sluice, reason: SocialRefusal) =>
  refuses(call, social, 'SocialGraph_Refused', [refusal(reason)])

/** Blocks in which the contract said anything: to see that something was not said. */
async function eventCount({ client, social }: Sluice): Promise<number> {
  return (await client.getLogs({ address: social.address, fromBlock: 0n })).length
}

describe('SocialGraph: handles', () => {
  it('gives a free handle, and tells both ways who has it', async () => {
    const { social, payer } = await loadFixture(deploySluice)
    const wallet = getAddress(payer.account.address)
    const call = social.write.setHandle(['ada_l-1815'], { account: payer.account })
    await emits(call, social, 'HandleSet', [wallet, packHandle('ada_l-1815'), zeroHash])
    assert.equal(await social.read.handleOf([wallet]), 'ada_l-1815')
    assert.equal(await social.read.walletOf(['ada_l-1815']), wallet)
  })

  it('takes 3 to 32 of a-z, 0-9, - and _', async () => {
    const { social, payer } = await loadFixture(deploySluice)
    const wallet = payer.account.address
    for (const handle of ['abc', 'a'.repeat(32), 'abcdefghijklmnopqrstuvwxyz', '0123456789-_', '___', '-0-']) {
      await social.write.setHandle([handle], { account: payer.account })
      assert.equal(await social.read.handleOf([wallet]), handle)
    }
  })

  it('refuses other lengths and every other character', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social } = sluice
    const allowed = /^[a-z0-9_-]$/
    const others = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((c) => !allowed.test(c))
    const handles = ['a', 'ab', 'a'.repeat(33), 'a'.repeat(1000), 'äbc', '日本語', ...others.map((c) => `ab${c}c`)]
    // A handle with zero bytes behind it must not pass for the handle.
    for (const handle of [...handles, 'abc\0', `abc${'\0'.repeat(29)}`, '\0\0\0', `${'a'.repeat(32)}\0`]) {
      await refusesFor(social.simulate.setHandle([handle]), sluice, 'handle-invalid')
    }
  })

  it('refuses a handle that another wallet has, and leaves the caller its own', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer, stranger } = sluice
    await social.write.setHandle(['ada'], { account: payer.account })
    await social.write.setHandle(['bob'], { account: stranger.account })
    await refusesFor(social.write.setHandle(['ada'], { account: stranger.account }), sluice, 'handle-taken')
    assert.equal(await social.read.handleOf([stranger.account.address]), 'bob')
    assert.equal(await social.read.walletOf(['ada']), getAddress(payer.account.address))
  })

  it('frees the old handle when it changes or is cleared', async () => {
    const { social, payer, stranger } = await loadFixture(deploySluice)
    const [wallet, taker] = [getAddress(payer.account.address), getAddress(stranger.account.address)]
    await social.write.setHandle(['first'], { account: payer.account })
    const change = social.write.setHandle(['second'], { account: payer.account })
    await emits(change, social, 'HandleSet', [wallet, packHandle('second'), packHandle('first')])
    assert.equal(await social.read.walletOf(['first']), zeroAddress)
    await social.write.setHandle(['first'], { account: stranger.account })
    assert.equal(await social.read.walletOf(['first']), taker)

    const clear = social.write.setHandle([''], { account: payer.account })
    await emits(clear, social, 'HandleSet', [wallet, zeroHash, packHandle('second')])
    assert.equal(await social.read.handleOf([wallet]), '')
    assert.equal(await social.read.walletOf(['second']), zeroAddress)
    await social.write.setHandle(['second'], { account: payer.account })
    assert.equal(await social.read.walletOf(['second']), wallet)
  })

  it('says nothing when the handle is so already, and knows nobody by what is no handle', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer } = sluice
    await social.write.setHandle([''], { account: payer.account })
    assert.equal(await eventCount(sluice), 0)
    await social.write.setHandle(['ada'], { account: payer.account })
    await social.write.setHandle(['ada'], { account: payer.account })
    assert.equal(await eventCount(sluice), 1)
    assert.equal(await social.read.walletOf(['ada']), getAddress(payer.account.address))
    for (const handle of ['', 'ada\0', 'Ada', `ada${'x'.repeat(40)}`]) {
      assert.equal(await social.read.walletOf([handle]), zeroAddress)
    }
  })
})

describe('SocialGraph: follows and reactions', () => {
  it('follows and unfollows, one way', async () => {
    const { social, payer, other } = await loadFixture(deploySluice)
    const [wallet, target] = [getAddress(payer.account.address), getAddress(other.account.address)]
    const options = { account: payer.account }
    await emits(social.write.follow([target], options), social, 'Followed', [wallet, target])
    assert.equal(await social.read.isFollowing([wallet, target]), true)
    assert.equal(await social.read.isFollowing([target, wallet]), false)
    await emits(social.write.unfollow([target], options), social, 'Unfollowed', [wallet, target])
    assert.equal(await social.read.isFollowing([wallet, target]), false)
  })

  it('refuses to follow oneself or nobody', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer } = sluice
    const options = { account: payer.account }
    for (const target of [zeroAddress, payer.account.address]) {
      await refusesFor(social.write.follow([target], options), sluice, 'target-invalid')
      await refusesFor(social.write.unfollow([target], options), sluice, 'target-invalid')
    }
  })

  it('keeps one reaction per wallet and content, and tells which it replaces', async () => {
    const { social, payer, stranger } = await loadFixture(deploySluice)
    const wallet = getAddress(payer.account.address)
    const contentId = randomHex()
    const options = { account: payer.account }
    await emits(social.write.react([contentId, 255], options), social, 'Reacted', [wallet, contentId, 255, 0])
    await emits(social.write.react([contentId, 1], options), social, 'Reacted', [wallet, contentId, 1, 255])
    assert.equal(await social.read.reactionOf([wallet, contentId]), 1)
    assert.equal(await social.read.reactionOf([wallet, randomHex()]), 0)
    assert.equal(await social.read.reactionOf([stranger.account.address, contentId]), 0)
    await emits(social.write.react([contentId, 0], options), social, 'Reacted', [wallet, contentId, 0, 1])
    assert.equal(await social.read.reactionOf([wallet, contentId]), 0)
  })

  it('says nothing when it is so already', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer, other } = sluice
    const options = { account: payer.account }
    await social.write.unfollow([other.account.address], options)
    await social.write.react([zeroHash, 0], options)
    assert.equal(await eventCount(sluice), 0)
    for (let i = 0; i < 2; i++) {
      await social.write.follow([other.account.address], options)
      await social.write.react([zeroHash, 7], options)
    }
    assert.equal(await eventCount(sluice), 2)
  })
})

describe('SocialGraph: comments', () => {
  it('announces a comment and what it answers, as often as it is said', async () => {
    const { social, payer } = await loadFixture(deploySluice)
    const wallet = getAddress(payer.account.address)
    const [contentId, first, second] = [randomHex(), randomHex(), randomHex()]
    const say = (parent: typeof first, digest: typeof first) =>
      social.write.comment([contentId, parent, digest], { account: payer.account })
    await emits(say(zeroHash, first), social, 'Commented', [wallet, contentId, zeroHash, first])
    await emits(say(first, second), social, 'Commented', [wallet, contentId, first, second])
    await emits(say(first, second), social, 'Commented', [wallet, contentId, first, second])
  })

  it('refuses a comment without a digest', async () => {
    const sluice = await loadFixture(deploySluice)
    await refusesFor(sluice.social.write.comment([randomHex(), randomHex(), zeroHash]), sluice, 'value-invalid')
  })
})

describe('SocialGraph: views', () => {
  it('counts a holder’s view once a UTC day, to the second', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const wallet = getAddress(payer.account.address)
    const view = () => social.write.recordView([contentId, editionId], { account: payer.account })
    const today = (await now()) / DAY + 1n
    assert.equal(await social.read.lastViewOf([wallet, contentId]), 0n)
    await at(today * DAY)
    await emits(view(), social, 'Viewed', [wallet, contentId, editionId, today])
    assert.equal(await social.read.lastViewOf([wallet, contentId]), today)
    await at((today + 1n) * DAY - 1n)
    await refusesFor(view(), sluice, 'already-viewed')
    await at((today + 1n) * DAY)
    await emits(view(), social, 'Viewed', [wallet, contentId, editionId, today + 1n])
  })

  it('counts one view a day whatever the edition, and keeps contents and wallets apart', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer, other } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const second = await createEdition(sluice, contentId, { price: 0n })
    const elsewhere = await sellKey(sluice)
    await giveKey(sluice, second.editionId)
    await giveKey(sluice, second.editionId, other)
    const options = { account: payer.account }
    await startDay()
    await social.write.recordView([contentId, editionId], options)
    await refusesFor(social.write.recordView([contentId, second.editionId], options), sluice, 'already-viewed')
    await social.write.recordView([elsewhere.contentId, elsewhere.editionId], options)
    await social.write.recordView([contentId, second.editionId], { account: other.account })
    assert.equal(await eventCount(sluice), 3)
  })

  it('refuses who does not hold the edition now: never bought, sold, run out, or no such edition', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, keys, payer, stranger } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const timed = await createEdition(sluice, contentId, { price: 0n, duration: 100, transferable: false })
    await giveKey(sluice, timed.editionId)
    const end = await keys.read.expiresAt([timed.editionId, payer.account.address])
    const [from, to] = [payer.account.address, stranger.account.address]
    const view = (id: bigint) => social.write.recordView([contentId, id], { account: payer.account })

    const unbought = social.write.recordView([contentId, editionId], { account: stranger.account })
    await refusesFor(unbought, sluice, 'not-entitled')
    await refusesFor(view(1n), sluice, 'not-entitled')
    await keys.write.safeTransferFrom([from, to, editionId, 1n, '0x'], { account: payer.account })
    await refusesFor(view(editionId), sluice, 'not-entitled')
    await social.write.recordView([contentId, editionId], { account: stranger.account })
    await at(end)
    await refusesFor(view(timed.editionId), sluice, 'not-entitled')
  })

  it('counts a timed key’s view up to the second before it ends', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, keys, payer } = sluice
    const { contentId, editionId } = await sellKey(sluice, { duration: 100, transferable: false })
    await at((await keys.read.expiresAt([editionId, payer.account.address])) - 1n)
    await social.write.recordView([contentId, editionId], { account: payer.account })
    assert.equal(await eventCount(sluice), 1)
  })

  it('refuses an edition of another content, and contents that do not exist', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer } = sluice
    const { editionId } = await sellKey(sluice)
    const { contentId } = await publish(sluice)
    for (const id of [contentId, randomHex(), zeroHash]) {
      const call = social.write.recordView([id, editionId], { account: payer.account })
      await refusesFor(call, sluice, 'edition-foreign')
    }
  })

  it('refuses the creator’s own views, also after the content changed hands', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, registry, creator, payer } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    await giveKey(sluice, editionId, creator)
    const view = (wallet: typeof creator) =>
      social.write.recordView([contentId, editionId], { account: wallet.account })
    await refusesFor(view(creator), sluice, 'own-content')
    await registry.write.transferCreator([contentId, payer.account.address], { account: creator.account })
    await registry.write.acceptCreator([contentId], { account: payer.account })
    await refusesFor(view(payer), sluice, 'own-content')
    await view(creator)
    assert.equal(await eventCount(sluice), 1)
  })

  it('leaves the reaction beside it as it is', async () => {
    const sluice = await loadFixture(deploySluice)
    const { social, payer } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const wallet = payer.account.address
    const options = { account: payer.account }
    await social.write.react([contentId, 9], options)
    await social.write.recordView([contentId, editionId], options)
    assert.equal(await social.read.reactionOf([wallet, contentId]), 9)
    const day = await social.read.lastViewOf([wallet, contentId])
    await social.write.react([contentId, 0], options)
    assert.equal(await social.read.lastViewOf([wallet, contentId]), day)
  })
})

describe('SocialGraph: money', () => {
  it('takes none', async () => {
    const { social, payer } = await loadFixture(deploySluice)
    await assert.rejects(payer.sendTransaction({ to: social.address, value: 1n }))
  })
})
