import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress, pad, toHex, zeroHash } from 'viem'
import { generateSession } from '../../sdk/src/session/index.ts'
import { packHandle, SOCIAL_REFUSALS } from '../../sdk/src/social/index.ts'
import type { SocialDeed } from '../../sdk/src/social/index.ts'
import { at, refuses } from './support/assertions.ts'
import { randomHex } from './support/channels.ts'
import { deploySluice, NATIVE, networkHelpers, now, viem } from './support/fixture.ts'
import {
  comment,
  DAY,
  deploySpoken,
  fate,
  followOther,
  follows,
  isSpent,
  refusal,
  sellKey,
  sign,
  speakFor,
  submit,
} from './support/social.ts'

const { loadFixture } = networkHelpers
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

describe('SocialGraph.submit: what it does', () => {
  it('does every kind of action on the wallet’s behalf, whoever submits', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer, other } = sluice
    const { contentId, editionId } = await sellKey(sluice)
    const [wallet, target] = [getAddress(payer.account.address), getAddress(other.account.address)]
    const [digest, parent] = [randomHex(), randomHex()]
    const deeds: SocialDeed[] = [
      { kind: 'handle', handle: 'ada' },
      { kind: 'follow', target },
      { kind: 'react', contentId, reaction: 3 },
      { kind: 'comment', contentId, digest, parent },
      { kind: 'view', contentId, editionId },
      { kind: 'unfollow', target },
      { kind: 'handle', handle: '' },
      { kind: 'react', contentId, reaction: 0 },
    ]
    const actions = await Promise.all(deeds.map((deed) => sign(sluice, deed)))
    const { events } = await submit(sluice, actions)
    const day = await social.read.lastViewOf([wallet, contentId])
    assert.deepEqual(
      events.map(({ eventName, args }) => [eventName, args]),
      [
        ['HandleSet', { wallet, handle: packHandle('ada'), previous: zeroHash }],
        ['Followed', { wallet, target }],
        ['Reacted', { wallet, contentId, kind: 3, previous: 0 }],
        ['Commented', { wallet, contentId, parent, digest }],
        ['Viewed', { wallet, contentId, editionId, day }],
        ['Unfollowed', { wallet, target }],
        ['HandleSet', { wallet, handle: zeroHash, previous: packHandle('ada') }],
        ['Reacted', { wallet, contentId, kind: 0, previous: 3 }],
      ],
    )
    assert.equal(day, (await now()) / DAY)
    for (const action of actions) assert.equal(await isSpent(sluice, action), true)
  })

  it('skips what is bad, says why, and does the rest', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, payer, stranger, other } = sluice
    const spent = await sign(sluice, comment())
    await submit(sluice, [spent])
    await social.write.setHandle(['taken'], { account: other.account })
    const time = await now()
    const good = [comment(), comment(), comment()] as const
    const actions = [
      await sign(sluice, good[0]),
      await sign(sluice, comment(), { issuedAt: time + 1000n, deadline: time + 2000n }),
      await sign(sluice, comment(), { deadline: time - 1n }),
      spent,
      await sign(sluice, comment(), { wallet: stranger }),
      await sign(sluice, good[1]),
      { ...(await sign(sluice, comment())), signature: spent.signature },
      await sign(sluice, { kind: 'handle', handle: 'taken' }),
      await sign(sluice, good[2]),
    ]
    const expected = [
      ...(['none', 'early', 'expired', 'nonce-spent', 'session-expired', 'none'] as const),
      ...(['signature-invalid', 'handle-taken', 'none'] as const),
    ]
    const { result } = await social.simulate.submit([actions])
    assert.deepEqual(
      result.map((reason) => SOCIAL_REFUSALS[reason]),
      expected,
    )
    const { refusals, events } = await submit(sluice, actions)
    assert.deepEqual(refusals, expected)
    assert.equal(events.length, actions.length)
    for (const [index, action] of actions.entries()) {
      const wasSpent = action === spent || expected[index] === 'none'
      assert.equal(await isSpent(sluice, action), wasSpent)
    }
    const refusedFor = events.flatMap((event) => (event.eventName === 'ActionRefused' ? [event.args] : []))
    assert.deepEqual(refusedFor[3], {
      wallet: getAddress(stranger.account.address),
      nonce: actions[4]!.action.nonce,
      index: 4n,
      reason: refusal('session-expired'),
    })
    assert.equal(refusedFor[0]?.wallet, getAddress(payer.account.address))
  })

  it('takes 64 actions and no more, and none at all', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social } = sluice
    const action = await sign(sluice, comment())
    const copies = (count: number) => Array.from({ length: count }, () => action)
    await refuses(social.write.submit([copies(65)]), social, 'SocialGraph_BatchTooLarge', [65n, 64n])
    const { refusals } = await submit(sluice, copies(64))
    assert.deepEqual(new Set(refusals.slice(1)), new Set(['nonce-spent']))
    assert.equal(refusals[0], 'none')
    assert.deepEqual((await submit(sluice, [])).events, [])
  })

  it('lets a second submitter of the same batch do nothing, without failing', async () => {
    const sluice = await loadFixture(deploySpoken)
    const batch = await Promise.all([sign(sluice, comment()), sign(sluice, followOther(sluice))])
    assert.deepEqual((await submit(sluice, batch)).refusals, ['none', 'none'])
    assert.deepEqual((await submit(sluice, batch.toReversed())).refusals, ['nonce-spent', 'nonce-spent'])
    assert.equal(await follows(sluice), true)
  })

  it('hands a handle from one wallet to another within a batch', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { social, channels, payer, other, session } = sluice
    const expiry = (await now()) + DAY
    await channels.write.authorize([session.publicKey, NATIVE, 0n, expiry], { account: other.account })
    await social.write.setHandle(['ada'], { account: payer.account })
    const { refusals } = await submit(sluice, [
      await sign(sluice, { kind: 'handle', handle: 'ada' }, { wallet: other }),
      await sign(sluice, { kind: 'handle', handle: '' }),
      await sign(sluice, { kind: 'handle', handle: 'ada' }, { wallet: other }),
    ])
    assert.deepEqual(refusals, ['handle-taken', 'none', 'none'])
    assert.equal(await social.read.walletOf(['ada']), getAddress(other.account.address))
    assert.equal(await social.read.handleOf([payer.account.address]), '')
  })
})

describe('SocialGraph.submit: who may say it', () => {
  it('takes a session up to the second before its expiry', async () => {
    const sluice = await loadFixture(deploySluice)
    const expiry = (await now()) + 100n
    await at(expiry - 99n)
    await speakFor(sluice, expiry)
    const [last, late] = [await sign(sluice, comment()), await sign(sluice, comment())]
    await at(expiry - 1n)
    assert.equal(await fate(sluice, last), 'none')
    await at(expiry)
    assert.equal(await fate(sluice, late), 'session-expired')
  })

  it('refuses a revoked session, and takes what it signed once it speaks again', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { channels, payer, session } = sluice
    const action = await sign(sluice, comment())
    await channels.write.revoke([session.publicKey], { account: payer.account })
    assert.equal(await fate(sluice, action), 'session-expired')
    await speakFor(sluice)
    assert.equal(await fate(sluice, action), 'none')
  })

  it('refuses a session of another wallet, whichever wallet it names', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { channels, stranger } = sluice
    const foreign = await generateSession()
    await channels.write.authorize([foreign.publicKey, NATIVE, 0n, (await now()) + DAY], { account: stranger.account })
    assert.equal(await fate(sluice, await sign(sluice, comment(), { session: foreign })), 'session-expired')
    assert.equal(await fate(sluice, await sign(sluice, comment(), { wallet: stranger })), 'session-expired')
    // Naming a session that speaks for the wallet does not help who cannot sign with it.
    const forged = await sign(sluice, comment(), { session: foreign })
    const action = { ...forged.action, session: sluice.session.publicKey }
    assert.equal(await fate(sluice, { action, signature: forged.signature }), 'signature-invalid')
  })

  it('refuses the high-s twin, zeroes, and a signature over anything else', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { action, signature } = await sign(sluice, followOther(sluice))
    const twin = { r: signature.r, s: toHex(ORDER - BigInt(signature.s), { size: 32 }) }
    const forms = [twin, { r: zeroHash, s: signature.s }, { r: signature.r, s: zeroHash }]
    const changes = [
      { kind: 3 },
      { subject: pad(sluice.stranger.account.address) },
      { value: pad('0x01') },
      { parent: pad('0x01') },
      { nonce: action.nonce + 1n },
      { issuedAt: action.issuedAt - 1n },
      { deadline: action.deadline + 1n },
    ]
    const batch = [
      ...forms.map((form) => ({ action, signature: form })),
      ...changes.map((change) => ({ action: { ...action, ...change }, signature })),
    ]
    const { refusals } = await submit(sluice, [...batch, { action, signature }])
    assert.deepEqual(refusals, [...batch.map(() => 'signature-invalid'), 'none'])
  })

  it('refuses what was signed for another chain or another contract', async () => {
    const sluice = await loadFixture(deploySpoken)
    const { channels, keys, registry, social } = sluice
    const twin = await viem.deployContract('SocialGraph', [channels.address, keys.address, registry.address])
    const elsewhere = await sign(sluice, comment(), { domain: { chainId: 1 } })
    const forTwin = await sign(sluice, comment(), { domain: { social: twin.address } })
    const forChannels = await sign(sluice, comment(), { domain: { social: channels.address } })
    const refused = ['signature-invalid', 'signature-invalid', 'signature-invalid']
    assert.deepEqual((await submit(sluice, [elsewhere, forTwin, forChannels])).refusals, refused)
    const { result } = await twin.simulate.submit([[forTwin, await sign(sluice, comment())]])
    assert.deepEqual(result, [0, refusal('signature-invalid')])
    const [, name, version, chainId, verifyingContract] = await social.read.eip712Domain()
    const { domain } = sluice
    assert.deepEqual(
      [name, version, chainId, verifyingContract],
      ['Sluice Social', '1', BigInt(domain.chainId), getAddress(social.address)],
    )
  })
})
