import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { hexToBytes } from 'viem'
import type { Address, Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { makeKeepers, WALLET } from './fixtures.ts'
import { ORDER } from './group.ts'
import { keeperPublicKey, proveKeeperKey } from './keeper-key.ts'
import { hashKeeperRegistration, proveKeeperRegistration, verifyKeeperRegistration } from './keeper-registration.ts'
import type { KeeperRegistration } from './keeper-registration.ts'

type Vector = Omit<KeeperRegistration, 'chainId'> & {
  chainId: number
  statement: Hex
  secret: Hex
  proof: { challenge: Hex; response: Hex }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/keeper-registrations.json', import.meta.url), 'utf8'),
) as Vector[]

const REGISTRY: Address = '0x00000000000000000000000000000000000000c3'
const [keeper, other] = makeKeepers(2)
assert.ok(keeper && other)
const place = { chainId: 1, registry: REGISTRY, owner: WALLET, peerId: '0x0102' } as const
const registration: KeeperRegistration = { ...place, publicKey: keeper.publicKey }
const proof = proveKeeperRegistration(keeper.secret, place)

describe('keeper registration', () => {
  it('has the statements, keys and proofs of the vectors', () => {
    assert.ok(vectors.length > 0)
    for (const { secret, statement, proof: expected, ...stated } of vectors) {
      assert.equal(keeperPublicKey(hexToBytes(secret)), stated.publicKey)
      assert.equal(hashKeeperRegistration(stated), statement)
      assert.equal(verifyKeeperRegistration(stated, expected), true)
    }
  })

  it('proves possession for one chain, registry, owner, peer and key', () => {
    assert.equal(verifyKeeperRegistration(registration, proof), true)
    for (const change of [
      { chainId: 2 },
      { registry: WALLET },
      { owner: REGISTRY },
      { peerId: '0x0103' },
      { peerId: '0x010200' },
      { publicKey: other.publicKey },
    ] as const) {
      assert.equal(verifyKeeperRegistration({ ...registration, ...change }, proof), false, JSON.stringify(change))
    }
  })

  it('refuses keys and proofs that are malformed', () => {
    const zero: Hex = `0x${'00'.repeat(32)}`
    const order = Buffer.from(ORDER.toString(16).padStart(64, '0'), 'hex').reverse().toString('hex')
    for (const scalar of ['0x', zero, `0x${'ff'.repeat(32)}`, `0x${order}`, `${proof.response}00`] as Hex[]) {
      assert.equal(verifyKeeperRegistration(registration, { ...proof, response: scalar }), false)
      assert.equal(verifyKeeperRegistration(registration, { ...proof, challenge: scalar }), false)
    }
    for (const publicKey of ['0x', zero, `0x${'ff'.repeat(32)}`] as Hex[]) {
      assert.equal(verifyKeeperRegistration({ ...registration, publicKey }, proof), false)
    }
    assert.throws(
      () => proveKeeperRegistration(new Uint8Array(32), place),
      (error) => isSluiceError(error, 'BAD_INPUT'),
    )
  })

  it('takes no proof that was made for the announcement between nodes', () => {
    const statement = { chainId: 1, contentKeys: REGISTRY, peerId: keeper.peerId }
    const announced = proveKeeperKey(keeper.secret, statement)
    const moved = { challenge: announced.slice(0, 66) as Hex, response: `0x${announced.slice(66)}` as const }
    const peerId = `0x${Buffer.from(keeper.peerId).toString('hex')}` as const
    assert.equal(verifyKeeperRegistration({ ...registration, peerId }, moved), false)
  })
})
