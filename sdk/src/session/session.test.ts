import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { keccak256, toHex } from 'viem'
import type { Hex } from 'viem'
import { generateSession, sessionId, signDigest, verifyDigest } from './session.ts'

const DIGEST = keccak256(toHex('a digest'))
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const word = (value: bigint): Hex => toHex(value, { size: 32 })

describe('session', () => {
  it('verifies its own signatures, always with a low s', async () => {
    const session = await generateSession()
    for (let round = 0; round < 20; round += 1) {
      const signature = await signDigest(session, DIGEST)
      assert.ok(BigInt(signature.s) <= ORDER / 2n)
      assert.equal(await verifyDigest(session.publicKey, DIGEST, signature), true)
    }
  })

  it('refuses the high-s twin of a valid signature', async () => {
    const session = await generateSession()
    const { r, s } = await signDigest(session, DIGEST)
    assert.equal(await verifyDigest(session.publicKey, DIGEST, { r, s: word(ORDER - BigInt(s)) }), false)
  })

  it('refuses another key, another digest and a point off the curve', async () => {
    const [session, other] = [await generateSession(), await generateSession()]
    const signature = await signDigest(session, DIGEST)
    assert.equal(await verifyDigest(other.publicKey, DIGEST, signature), false)
    assert.equal(await verifyDigest(session.publicKey, keccak256(DIGEST), signature), false)
    assert.equal(await verifyDigest({ qx: word(1n), qy: word(1n) }, DIGEST, signature), false)
  })

  it('keeps the private key inside WebCrypto by default', async () => {
    const { privateKey } = await generateSession()
    await assert.rejects(crypto.subtle.exportKey('pkcs8', privateKey))
  })

  it('gives every key its own id', async () => {
    const [first, second] = [await generateSession(), await generateSession()]
    assert.notEqual(sessionId(first.publicKey), sessionId(second.publicKey))
  })
})
