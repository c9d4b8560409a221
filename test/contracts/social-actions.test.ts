import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress, parseEventLogs, zeroAddress } from 'viem'
import {
  checkSocialActions,
  comment,
  findHandle,
  follow,
  isFollowing,
  isSocialNonceSpent,
  react,
  readHandle,
  readLastView,
  readReaction,
  setHandle,
  socialGraphAbi,
  submitSocialActions,
  unfollow,
  viewContent,
} from '../../sdk/src/chain/index.ts'
import { fails, world } from './support/actions.ts'
import { randomHex } from './support/channels.ts'
import { networkHelpers, now } from './support/fixture.ts'
import { createEdition, publish } from './support/keys.ts'
import { DAY, giveKey, sign, speakFor } from './support/social.ts'

const { loadFixture } = networkHelpers

describe('chain actions: the social graph', () => {
  it('takes and frees handles, and finds who has one', async () => {
    const sluice = await loadFixture(world)
    const { payer, stranger, client, contracts } = sluice
    const wallet = payer.account.address
    await setHandle(payer, { contracts, handle: 'ada' })
    assert.equal(await readHandle(client, { contracts, wallet }), 'ada')
    assert.equal(await findHandle(client, { contracts, handle: 'ada' }), getAddress(wallet))
    const taken = setHandle(stranger, { contracts, handle: 'ada' })
    await assert.rejects(taken, { code: 'CHAIN_REVERT', message: 'Somebody else has this handle.' })
    await fails(setHandle(stranger, { contracts, handle: 'Ada' }), 'CHAIN_REVERT', 'SocialGraph_Refused')
    await setHandle(payer, { contracts, handle: '' })
    assert.equal(await findHandle(client, { contracts, handle: 'ada' }), zeroAddress)
  })

  it('follows, reacts, comments and views', async () => {
    const sluice = await loadFixture(world)
    const { payer, other, client, contracts } = sluice
    const { contentId } = await publish(sluice)
    const { editionId } = await createEdition(sluice, contentId, { price: 0n })
    const [wallet, target] = [payer.account.address, other.account.address]
    await follow(payer, { contracts, target })
    assert.equal(await isFollowing(client, { contracts, wallet, target }), true)
    await unfollow(payer, { contracts, target })
    assert.equal(await isFollowing(client, { contracts, wallet, target }), false)
    await react(payer, { contracts, contentId, reaction: 2 })
    assert.equal(await readReaction(client, { contracts, wallet, contentId }), 2)

    const [digest, parent] = [randomHex(), randomHex()]
    const { receipt } = await comment(payer, { contracts, contentId, digest, parent })
    const [said] = parseEventLogs({ abi: socialGraphAbi, eventName: 'Commented', logs: receipt.logs })
    assert.deepEqual(said?.args, { wallet: getAddress(wallet), contentId, parent, digest })

    await fails(viewContent(payer, { contracts, contentId, editionId }), 'NOT_ENTITLED')
    await giveKey(sluice, editionId)
    await viewContent(payer, { contracts, contentId, editionId })
    assert.equal(await readLastView(client, { contracts, wallet, contentId }), (await now()) / DAY)
  })

  it('submits what a session signed, and says beforehand and afterwards what is refused', async () => {
    const sluice = await loadFixture(world)
    const { payer, stranger, client, contracts } = sluice
    await speakFor(sluice)
    const good = await sign(sluice, { kind: 'handle', handle: 'ada' })
    const foreign = await sign(sluice, { kind: 'handle', handle: 'bob' }, { wallet: stranger })
    const actions = [foreign, good]
    assert.deepEqual(await checkSocialActions(client, { contracts, actions }), ['session-expired', 'none'])
    const { refused, receipt } = await submitSocialActions(stranger, { contracts, actions })
    assert.deepEqual(refused, [{ index: 0, reason: 'session-expired' }])
    const wallet = payer.account.address
    assert.equal(await readHandle(client, { contracts, wallet }), 'ada')
    assert.equal(await isSocialNonceSpent(client, { contracts, wallet, nonce: good.action.nonce }), true)
    const before = { contracts, actions, blockNumber: receipt.blockNumber - 1n }
    assert.deepEqual(await checkSocialActions(client, before), ['session-expired', 'none'])
    assert.deepEqual(await checkSocialActions(client, { contracts, actions }), ['session-expired', 'nonce-spent'])
    for (const batch of [[], Array.from({ length: 65 }, () => good)]) {
      await fails(submitSocialActions(stranger, { contracts, actions: batch }), 'BAD_INPUT')
      await fails(checkSocialActions(client, { contracts, actions: batch }), 'BAD_INPUT')
    }
    const elsewhere = { ...contracts, social: stranger.account.address }
    await fails(checkSocialActions(client, { contracts: elsewhere, actions }), 'WRONG_CHAIN')
  })
})
