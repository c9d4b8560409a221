import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeFunctionData, getAddress, pad, toHex, zeroAddress, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { signDigest } from '../../sdk/src/session/index.ts'
import { hashSocialAction } from '../../sdk/src/social/index.ts'
import type { SignedSocialAction, SocialDeed } from '../../sdk/src/social/index.ts'
import { at, emits } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { NATIVE, networkHelpers, now } from './support/fixture.ts'
import type { Sluice } from './support/fixture.ts'
import { createEdition } from './support/keys.ts'
import {
  comment,
  DAY,
  deploySpoken,
  fate,
  followOther,
  follows,
  giveKey,
  isSpent,
  sellKey,
  sign,
  startDay,
  submit,
} from './support/social.ts'

const { loadFixture } = networkHelpers

/** An action whose words are no deed that the sdk would encode, signed as they are. */
async function signWords(sluice: Sluice, words: Partial<SignedSocialAction['action']>): Promise<SignedSocialAction> {
  const { action } = await sign(sluice, comment())
  const changed = { ...action, ...words }
  const domain = { chainId: sluice.domain.chainId, social: sluice.social.address }
  return { action: changed, signature: await signDigest(sluice.session, hashSocialAction(domain, changed)) }
}

describe('SocialGraph.submit: when it counts', () => {
  it('takes an action from its second on until its deadline, to the second', async () => {
    const sluice = await loadFixture(deploySpoken)
    const time = (await now()) + 100n
    const early = await sign(sluice, comment(), { issuedAt: time, deadline: time + 10n })
    const last = await sign(sluice, comment(), { issuedAt: time, deadline: time + 10n })
    const late = await sign(sluice, comment(), { issuedAt: time, deadline: time + 10n })
    await at(time - 1n)
    assert.equal(await fate(sluice, early), 'early')
    await at(time)
    assert.equal(await fate(sluice, early), 'none')
    await at(time + 10n)
    assert.equal(await fate(sluice, last), 'none')
    await at(time + 11n)
    assert.equal(await fate(sluice, late), 'expired')
  })

  it('spends every nonce once, in any order', async () => {
    const sluice = await loadFixture(deploySpoken)
    for (const nonce of [2n ** 256n - 1n, 256n, 0n, 255n, 2n ** 255n, 1n]) {
      assert.equal(await sluice.social.read.isNonceSpent([sluice.payer.account.address, nonce]), false)
      assert.equal(await fate(sluice, await sign(sluice, comment(), { nonce })), 'none')
      const again = [await sign(sluice, comment(), { nonce }), await sign(sluice, comment(), { nonce })]
      assert.deepEqual((await submit(sluice, again)).refusals, ['nonce-spent', 'nonce-spent'])
      assert.equal(await sluice.social.read.isNonceSpent([sluice.stranger.account.address, nonce]), false)
    }
  })

  it('refuses what was said before what already landed, whatever lands first', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer, other } = sluice
    const contentId = randomHex()
    const time = await now()
    const pairs: [SocialDeed, SocialDeed][] = [
      [followOther(sluice), followOther(sluice, 'unfollow')],
      [
        { kind: 'react', contentId, reaction: 1 },
        { kind: 'react', contentId, reaction: 2 },
      ],
      [
        { kind: 'handle', handle: 'first' },
        { kind: 'handle', handle: 'second' },
      ],
      [
        { kind: 'handle', handle: 'third' },
        { kind: 'handle', handle: '' },
      ],
    ]
    for (const [index, [earlier, later]] of pairs.entries()) {
      const said = time - 100n + BigInt(index) * 10n
      const newer = await sign(sluice, later, { issuedAt: said + 1n })
      const stale = await sign(sluice, earlier, { issuedAt: said })
      await submit(sluice, [newer])
      assert.equal(await fate(sluice, stale), 'stale')
      assert.equal(await isSpent(sluice, stale), false)
    }
    const wallet = payer.account.address
    assert.equal(await social.read.isFollowing([wallet, other.account.address]), false)
    assert.equal(await social.read.reactionOf([wallet, contentId]), 2)
    assert.equal(await social.read.handleOf([wallet]), '')
  })

  it('lets the last to land stand among what was said in the same second', async () => {
    const sluice = await loadFixture(deploySpoken)
    const issuedAt = await now()
    const batch = [
      await sign(sluice, followOther(sluice), { issuedAt }),
      await sign(sluice, followOther(sluice, 'unfollow'), { issuedAt }),
      await sign(sluice, followOther(sluice), { issuedAt }),
    ]
    assert.deepEqual((await submit(sluice, batch)).refusals, ['none', 'none', 'none'])
    assert.equal(await follows(sluice), true)
  })

  it('lets a call of the wallet’s own stand against everything signed before its block', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer, other } = sluice
    const contentId = randomHex()
    const deeds: SocialDeed[] = [
      followOther(sluice),
      { kind: 'react', contentId, reaction: 1 },
      { kind: 'handle', handle: 'ada' },
    ]
    const signed = await Promise.all(deeds.map((deed) => sign(sluice, deed)))
    const options = { account: payer.account }
    // Each says only what is so already: nobody followed, no reaction, no handle.
    await social.write.unfollow([other.account.address], options)
    await social.write.react([contentId, 0], options)
    await social.write.setHandle([''], options)
    assert.deepEqual((await submit(sluice, signed)).refusals, ['stale', 'stale', 'stale'])
    const anew = await Promise.all(deeds.map((deed) => sign(sluice, deed)))
    assert.deepEqual((await submit(sluice, anew)).refusals, ['none', 'none', 'none'])
  })

  it('spends the nonce of what is so already, and refuses from then on what was said before', async () => {
    const sluice = await loadFixture(deploySpoken)
    const contentId = randomHex()
    const time = await now()
    const said = (deed: SocialDeed, age: bigint) => sign(sluice, deed, { issuedAt: time - age })
    const deeds: [SocialDeed, SocialDeed][] = [
      [followOther(sluice), followOther(sluice, 'unfollow')],
      [
        { kind: 'react', contentId, reaction: 5 },
        { kind: 'react', contentId, reaction: 0 },
      ],
      [
        { kind: 'handle', handle: 'ada' },
        { kind: 'handle', handle: '' },
      ],
    ]
    for (const [deed, undo] of deeds) {
      const again = await said(deed, 1n)
      const { refusals } = await submit(sluice, [await said(deed, 3n), again, await said(undo, 2n), again])
      assert.deepEqual(refusals, ['none', 'unchanged', 'stale', 'nonce-spent'])
      assert.equal(await isSpent(sluice, again), true)
    }
  })

  it('lets nobody repeat what was so already, to undo what was said after it in the same second', async () => {
    const sluice = await loadFixture(deploySpoken)
    await sluice.social.write.follow([sluice.other.account.address], { account: sluice.payer.account })
    const issuedAt = await now()
    const follow = await sign(sluice, followOther(sluice), { issuedAt })
    const unfollow = await sign(sluice, followOther(sluice, 'unfollow'), { issuedAt })
    assert.deepEqual((await submit(sluice, [follow, unfollow])).refusals, ['unchanged', 'none'])
    assert.equal(await fate(sluice, follow), 'nonce-spent')
    assert.equal(await follows(sluice), false)
  })
})

describe('SocialGraph.submit: what it refuses by kind', () => {
  it('refuses kinds that there are not', async () => {
    const sluice = await loadFixture(deploySpoken)
    const batch = await Promise.all([0, 7, 255].map((kind) => signWords(sluice, { kind })))
    assert.deepEqual((await submit(sluice, batch)).refusals, ['kind-unknown', 'kind-unknown', 'kind-unknown'])
  })

  it('refuses handles, targets, reactions and comments that are none', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { payer, other } = sluice
    const word = (text: string): Hex => pad(toHex(text), { dir: 'right' })
    const dirty = `0x01${pad(other.account.address).slice(4)}` as const
    const cases = [
      [{ kind: 1, subject: word('ab') }, 'handle-invalid'],
      [{ kind: 1, subject: word('Ada') }, 'handle-invalid'],
      [{ kind: 1, subject: word('ada\0b') }, 'handle-invalid'],
      [{ kind: 1, subject: `0x${'ff'.repeat(32)}` }, 'handle-invalid'],
      [{ kind: 1, subject: pad('0x01') }, 'handle-invalid'],
      [{ kind: 2, subject: pad(payer.account.address) }, 'target-invalid'],
      [{ kind: 3, subject: pad(zeroAddress) }, 'target-invalid'],
      [{ kind: 2, subject: dirty }, 'target-invalid'],
      [{ kind: 4, value: pad('0x0100') }, 'value-invalid'],
      [{ kind: 5, value: zeroHash }, 'value-invalid'],
    ] as const
    const batch = await Promise.all(cases.map(([words]) => signWords(sluice, words)))
    const { refusals } = await submit(sluice, batch)
    assert.deepEqual(
      refusals,
      cases.map(([, reason]) => reason),
    )
    for (const action of batch) assert.equal(await isSpent(sluice, action), false)
  })

  it('counts a view of a holder once on the day on which it lands, and no other', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer, channels, creator, session } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const foreign = await sellKey(sluice)
    const unheld = await createEdition(sluice, contentId, { price: 0n })
    await giveKey(sluice, editionId, creator)
    const expiry = (await now()) + 30n * DAY
    await channels.write.authorize([session.publicKey, NATIVE, 0n, expiry], { account: creator.account })
    const view = (id: bigint, change?: sign.Options) =>
      sign(sluice, { kind: 'view', contentId, editionId: id }, { deadline: expiry, ...change })
    const batch = [
      await view(unheld.editionId),
      await view(2n ** 256n - 1n),
      await view(foreign.editionId),
      await view(editionId, { wallet: creator }),
      await view(editionId),
      await view(editionId),
    ]
    const day = await startDay()
    assert.deepEqual((await submit(sluice, batch)).refusals, [
      ...(['not-entitled', 'not-entitled', 'edition-foreign', 'own-content', 'none', 'already-viewed'] as const),
    ])
    const waiting = batch[5]!
    assert.equal(await isSpent(sluice, waiting), false)
    await at((day + 1n) * DAY)
    const landed = social.write.submit([[waiting]])
    await emits(landed, social, 'Viewed', [getAddress(payer.account.address), contentId, editionId, day + 1n])
  })

  it('counts views by own call and by session together', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer } = sluice
    const view = await sellKey(sluice)
    const action = await sign(sluice, { kind: 'view', ...view }, { deadline: (await now()) + 2n * DAY })
    await startDay()
    await social.write.recordView([view.contentId, view.editionId], { account: payer.account })
    assert.equal(await fate(sluice, action), 'already-viewed')
  })

  it('fails as a whole only where the submitter’s own encoding is broken', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, stranger } = sluice
    const action = await sign(sluice, comment())
    const data = encodeFunctionData({ abi: social.abi, functionName: 'submit', args: [[action]] })
    const call = (bytes: Hex) => stranger.sendTransaction({ to: social.address, data: bytes })
    // Selector, offset and length come first, then the wallet, whose upper bytes must be zero.
    const walletAt = 2 + 8 + 64 + 64
    await assert.rejects(call(`${data.slice(0, walletAt)}01${data.slice(walletAt + 2)}` as Hex))
    await assert.rejects(call(data.slice(0, -2) as Hex))
    await assert.rejects(call(`${data.slice(0, 2 + 8 + 64)}${'ff'.repeat(32)}${data.slice(walletAt)}` as Hex))
    await call(data)
    assert.equal(await isSpent(sluice, action), true)
  })
})
