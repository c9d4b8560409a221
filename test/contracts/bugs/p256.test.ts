import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { keccak256, toHex } from 'viem'
import type { Hex } from 'viem'
import { hashOpenIntent, sessionId, signDigest } from '../../../sdk/src/session/index.ts'
import { signSocialAction, SOCIAL_REFUSALS } from '../../../sdk/src/social/index.ts'
import { refuses } from '../support/assertions.ts'
import { ETHER, makeClaim, packClaim, randomHex } from '../support/channels.ts'
import { deploySluiceOn, NATIVE } from '../support/fixture.ts'
import { GENERATOR, HALF_ORDER, invert, keyFor, messageOf, mod, multiply, ORDER, pointFrom } from '../support/p256.ts'
import { PRIME, publicKeyOf, sign, signatureOf, word } from '../support/p256.ts'

const DIGEST = keccak256(toHex('what a session signs'))
const KEY = 0x1234567890abcdefn
const NONCE = 0xfedcba0987654321n
const VALID = sign(DIGEST, KEY, NONCE)
const PUBLIC = multiply(KEY)!
/** Chains with EIP-7951, and from before it, where OpenZeppelin's Solidity verifies. */
const CHAINS = [
  { hardfork: 'osaka', verifier: 'the precompile' },
  { hardfork: 'prague', verifier: 'Solidity' },
]

type Case = { key?: { qx: Hex; qy: Hex }; signature?: { r: bigint; s: bigint } }

/** What must not verify; each is one step away from a signature that does. */
const refused: Record<string, Case> = {
  'the high-s twin': { signature: { r: VALID.r, s: ORDER - VALID.s } },
  's just above half the order': { signature: { r: VALID.r, s: HALF_ORDER + 1n } },
  'r of zero': { signature: { ...VALID, r: 0n } },
  's of zero': { signature: { ...VALID, s: 0n } },
  'both of zero': { signature: { r: 0n, s: 0n } },
  'r of the order': { signature: { ...VALID, r: ORDER } },
  's of the order': { signature: { ...VALID, s: ORDER } },
  'r of the largest word': { signature: { ...VALID, r: 2n ** 256n - 1n } },
  's of the largest word': { signature: { ...VALID, s: 2n ** 256n - 1n } },
  'another r': { signature: { ...VALID, r: VALID.r + 1n } },
  'the negated key': { key: publicKeyOf({ x: PUBLIC.x, y: PRIME - PUBLIC.y }) },
  'the point at infinity': { key: publicKeyOf(undefined) },
  'a point off the curve': { key: { qx: word(PUBLIC.x), qy: word(PUBLIC.y ^ 1n) } },
  'swapped coordinates': { key: { qx: word(PUBLIC.y), qy: word(PUBLIC.x) } },
  'x of the prime': { key: { qx: word(PRIME), qy: word(pointFrom(0n).y) } },
  'y of zero': { key: { qx: word(PUBLIC.x), qy: word(0n) } },
}

/** A key whose coordinate fits a word a second time, with the prime added, and a signature under it. */
function wrapped() {
  const small = pointFrom(5n)
  const beyond = { qx: word(small.x + PRIME), qy: word(small.y) }
  assert.ok(small.x + PRIME < 2n ** 256n)
  return { small: publicKeyOf(small), beyond }
}

/** `r` of a nonce with a small x fits a word a second time, with the order added. */
function smallNonce() {
  const nonce = pointFrom(5n)
  const s = 7n
  return { key: publicKeyOf(keyFor(DIGEST, nonce, s)), r: nonce.x, s }
}

/** A key for which `u1·G + u2·Q` is the point at infinity, whatever s is: `Q = −(e/r)·G`. */
function vanishing(r: bigint) {
  return publicKeyOf(multiply(mod(-messageOf(DIGEST) * invert(r, ORDER), ORDER)))
}

for (const { hardfork, verifier } of CHAINS) {
  describe(`bug class: P-256 verified by ${verifier}`, async () => {
    const connection = await network.create({ override: { hardfork } })
    const { viem, networkHelpers } = connection
    const harness = await viem.deployContract('LibraryHarness')
    const verify = ({ key = publicKeyOf(PUBLIC), signature = VALID }: Case) =>
      harness.read.isValid([key, DIGEST, signatureOf(signature)])

    it('is what the chain is meant to have', async () => {
      const client = await viem.getPublicClient()
      const { r, s } = signatureOf(VALID)
      const { qx, qy } = publicKeyOf(PUBLIC)
      const data: Hex = `0x${[word(messageOf(DIGEST)), r, s, qx, qy].map((part) => part.slice(2)).join('')}`
      const { data: answer } = await client.call({ to: '0x0000000000000000000000000000000000000100', data })
      assert.equal(answer, hardfork === 'osaka' ? word(1n) : undefined)
    })

    it('accepts what was signed, with r and s as the standard has them', async () => {
      assert.equal(await verify({}), true)
      for (const [key, nonce] of [
        [1n, NONCE],
        [ORDER - 1n, NONCE],
        [2n, NONCE],
        [KEY, 1n],
        [KEY, KEY],
        [KEY, ORDER - KEY],
      ] as const) {
        const signed = { key: publicKeyOf(multiply(key)), signature: sign(DIGEST, key, nonce) }
        assert.equal(await verify(signed), true, `key ${key}, nonce ${nonce}`)
      }
    })

    for (const [name, wrong] of Object.entries(refused)) {
      it(`refuses ${name}`, async () => {
        assert.equal(await verify(wrong), false)
      })
    }

    it('refuses r a second time, with the order added', async () => {
      const { key, r, s } = smallNonce()
      assert.equal(await verify({ key, signature: { r, s } }), true)
      assert.equal(await verify({ key, signature: { r: r + ORDER, s } }), false)
    })

    it('compares r modulo the order, where the nonce’s x lies above it', async () => {
      const nonce = pointFrom(ORDER + 1n)
      assert.ok(nonce.x < PRIME)
      const key = publicKeyOf(keyFor(DIGEST, nonce, 7n))
      assert.equal(await verify({ key, signature: { r: nonce.x - ORDER, s: 7n } }), true)
    })

    it('refuses where the sum is the point at infinity', async () => {
      for (const r of [1n, VALID.r, multiply(NONCE)!.x % ORDER]) {
        assert.equal(await verify({ key: vanishing(r), signature: { r, s: VALID.s } }), false)
      }
    })

    it('adds a point to itself where both halves of the sum are equal', async () => {
      // u1·G = u2·Q for Q = (e/r)·G: an addition formula without this case would refuse, or accept anything.
      const r = mod(multiply(NONCE)!.x, ORDER)
      const key = mod(messageOf(DIGEST) * invert(r, ORDER), ORDER)
      const signed = { key: publicKeyOf(multiply(key)), signature: sign(DIGEST, key, NONCE) }
      assert.equal(await verify(signed), true)
      assert.equal(await verify({ ...signed, signature: { r, s: 1n } }), false)
    })

    it('authorises no key that is no point, or a coordinate that wraps around the prime', async () => {
      const { channels } = await connection.networkHelpers.loadFixture(deploy)
      const expiry = BigInt(await networkHelpers.time.latest()) + 600n
      const { small, beyond } = wrapped()
      const keys = [refused['the point at infinity'], refused['a point off the curve'], refused['swapped coordinates']]
      for (const key of [beyond, { ...small, qy: word(PRIME) }, ...keys.map((entry) => entry!.key!)]) {
        const call = channels.write.authorize([key, NATIVE, 0n, expiry])
        await viem.assertions.revertWithCustomErrorWithArgs(call, channels, 'SliceChannels_SessionInvalid', [
          key.qx,
          key.qy,
        ])
      }
      await channels.write.authorize([small, NATIVE, 0n, expiry])
    })

    async function deploy() {
      return deploySluiceOn(connection)
    }

    it('decides over intents, top-ups and claims, single and in a batch', async () => {
      const sluice = await deploy()
      const { channels, payer, payee, session, domain } = sluice
      const time = BigInt(await networkHelpers.time.latest())
      await channels.write.depositAndAuthorize([NATIVE, ETHER, session.publicKey, ETHER, time + 9999n], {
        account: payer.account,
        value: ETHER,
      })
      const parties = { payer: payer.account.address, payee: payee.account.address, token: NATIVE } as const
      const descriptor = { ...parties, session: session.publicKey, salt: randomHex() }
      const intent = { ...descriptor, amount: 9n, challenge: 0, deadline: time + 600n }
      const channelId = await channels.read.channelIdOf([descriptor])
      const signer: [Hex, Hex] = [channelId, sessionId(session.publicKey)]
      const signed = await signDigest(session, hashOpenIntent(domain, intent))
      for (const forged of forgeries(signed)) {
        await refuses(channels.write.open([intent, forged]), channels, 'SliceChannels_SignatureInvalid', signer)
      }
      await channels.write.open([intent, signed])
      const { signature, ...claim } = await makeClaim(sluice, { channelId, descriptor }, { cumulative: 5n })
      for (const forged of forgeries(signature)) {
        const single = { ...claim, signature: forged }
        await refuses(channels.write.claim([single]), channels, 'SliceChannels_SignatureInvalid', signer)
        const batch = channels.write.claimBatch([parties.payee, NATIVE, [packClaim(single)]])
        await refuses(batch, channels, 'SliceChannels_SignatureInvalid', signer)
      }
      await channels.write.claimBatch([parties.payee, NATIVE, [packClaim({ ...claim, signature })]])
      assert.equal((await channels.read.channelOf([channelId])).claimed, 5n)
    })

    it('decides over social actions, of which the wrong ones are skipped', async () => {
      const { channels, social, payer, session, domain } = await deploy()
      const time = BigInt(await networkHelpers.time.latest())
      const { account } = payer
      await channels.write.authorize([session.publicKey, NATIVE, 0n, time + 600n], { account })
      const good = await signSocialAction(session, {
        domain: { chainId: domain.chainId, social: social.address },
        wallet: account.address,
        deed: { kind: 'handle', handle: 'ada' },
        ...{ nonce: 0n, issuedAt: time, deadline: time + 600n },
      })
      const batch = [...forgeries(good.signature).map((signature) => ({ ...good, signature })), good]
      const { result } = await social.simulate.submit([batch])
      const refusal = SOCIAL_REFUSALS.indexOf('signature-invalid')
      assert.deepEqual(result, [...forgeries(good.signature).map(() => refusal), 0])
      await social.write.submit([batch])
      assert.equal(await social.read.handleOf([account.address]), 'ada')
    })
  })
}

describe('P-256 test vectors', () => {
  it('are made by arithmetic that agrees with the curve', () => {
    assert.deepEqual(multiply(1n), GENERATOR)
    assert.equal(multiply(ORDER), undefined)
    assert.deepEqual(multiply(ORDER - 1n), { x: GENERATOR!.x, y: PRIME - GENERATOR!.y })
  })
})

/** Signatures that differ from a valid one by what P-256 itself leaves open, or by nothing but zero. */
function forgeries({ r, s }: { r: Hex; s: Hex }) {
  return [
    { r, s: word(ORDER - BigInt(s)) },
    { r, s: word(0n) },
    { r: word(0n), s },
    { r: word(0n), s: word(0n) },
    { r: word(ORDER), s },
    { r, s: word(ORDER) },
    { r: s, s },
  ]
}
