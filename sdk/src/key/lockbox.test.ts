import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { decode, encode } from '@ipld/dag-cbor'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { pattern } from '../content/fixtures.ts'
import { coverRange } from '../content/key-tree.ts'
import { isSluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { dealLockbox } from './deal-lockbox.ts'
import { CONTEXT, dealTo, makeKeepers, publicPart, WHOLE } from './fixtures.ts'
import { decodePoint, decodeScalar, encodeScalar, invert, KEEPER_BASE, ORDER } from './group.ts'
import { keeperPublicKey, proveKeeperKey, verifyKeeperKey } from './keeper-key.ts'
import { labelOf } from './label.ts'
import type { LockboxContext } from './label.ts'
import { decodeLockbox, encodeLockbox, lockboxHashOf } from './lockbox.ts'
import { openLockbox } from './open-lockbox.ts'
import { verifyLockbox } from './verify-lockbox.ts'

type Vectors = {
  keeperBase: Hex
  keepers: { peerId: string; secret: Hex; publicKey: Hex; proof: Hex }[]
  label: Hex
  lockbox: Hex
  lockboxHash: Hex
  coverNode: Hex
}
type Fields = { keepers: Record<string, unknown>[]; commitments: Uint8Array } & Record<string, unknown>

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/lockbox.json', import.meta.url), 'utf8'),
) as Vectors
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)
const verify = (encoded: Uint8Array, context: LockboxContext = CONTEXT): unknown =>
  verifyLockbox(encoded, { context, lockboxHash: lockboxHashOf(encoded) })

describe('lockbox vectors', () => {
  it('has the generators, keys, label and hash of the vectors, and opens their lockbox', async () => {
    assert.equal(bytesToHex(KEEPER_BASE.toBytes()), vectors.keeperBase)
    for (const { peerId, secret, publicKey, proof } of vectors.keepers) {
      assert.equal(keeperPublicKey(hexToBytes(secret)), publicKey)
      const { chainId, contentKeys } = CONTEXT
      assert.equal(verifyKeeperKey({ chainId, contentKeys, peerId, publicKey }, proof), true)
    }
    const lockbox = verifyLockbox(hexToBytes(vectors.lockbox), { context: CONTEXT, lockboxHash: vectors.lockboxHash })
    assert.equal(lockbox.label, vectors.label)
    assert.equal(labelOf(lockbox.preimage), vectors.label)
    const shares = lockbox.deals.map(({ index, encryptedShare }, at) => {
      const secret = decodeScalar(hexToBytes(vectors.keepers[at]?.secret ?? '0x')) ?? 0n
      return { index, point: encryptedShare.multiply(invert(secret)) }
    })
    const range = { sliceCount: 10, firstSlice: 0, lastSlice: 9 }
    const { cover } = await openLockbox(lockbox, shares.slice(1), range)
    assert.equal(bytesToHex(cover.nodes[0] ?? new Uint8Array()), vectors.coverNode)
  })
})

describe('keeper key', () => {
  const [keeper] = makeKeepers(1)
  assert.ok(keeper)
  const place = { chainId: 1, contentKeys: CONTEXT.contentKeys, peerId: keeper.peerId }
  const statement = { ...place, publicKey: keeper.publicKey }

  it('proves possession for one chain, contract and peer', () => {
    const proof = proveKeeperKey(keeper.secret, place)
    assert.equal(verifyKeeperKey(statement, proof), true)
    assert.equal(verifyKeeperKey({ ...statement, chainId: 2 }, proof), false)
    assert.equal(verifyKeeperKey({ ...statement, peerId: 'other' }, proof), false)
    assert.equal(
      verifyKeeperKey({ ...statement, contentKeys: '0x00000000000000000000000000000000000000ff' }, proof),
      false,
    )
    assert.equal(verifyKeeperKey({ ...statement, publicKey: makeKeepers(1)[0]?.publicKey ?? '0x' }, proof), false)
  })

  it('refuses proofs and keys that are malformed', () => {
    const proof = proveKeeperKey(keeper.secret, place)
    const identity: Hex = `0x${'00'.repeat(32)}`
    for (const bad of ['0x', identity, `${proof}00`, `0x${'ff'.repeat(64)}`] as Hex[]) {
      assert.equal(verifyKeeperKey(statement, bad), false)
    }
    assert.equal(verifyKeeperKey({ ...statement, publicKey: identity }, proof), false)
    assert.throws(() => keeperPublicKey(new Uint8Array(32)), refusal('BAD_INPUT'))
    assert.throws(() => keeperPublicKey(new Uint8Array(32).fill(255)), refusal('BAD_INPUT'))
  })
})

describe('group encodings', () => {
  it('refuses the identity, non-canonical points and scalars at or above the order', () => {
    const bytes = KEEPER_BASE.toBytes()
    assert.ok(decodePoint(bytes))
    assert.equal(decodePoint(new Uint8Array(32)), undefined)
    assert.equal(decodePoint(bytes.with(31, (bytes[31] ?? 0) | 0x80)), undefined)
    assert.equal(decodePoint(new Uint8Array(32).fill(255)), undefined)
    assert.equal(decodePoint(bytes.subarray(1)), undefined)
    assert.equal(decodeScalar(encodeScalar(ORDER - 1n)), ORDER - 1n)
    const orderBytes = encodeScalar(ORDER - 1n).with(0, (encodeScalar(ORDER - 1n)[0] ?? 0) + 1)
    assert.equal(decodeScalar(orderBytes), undefined)
    assert.equal(decodeScalar(new Uint8Array(31)), undefined)
  })
})

describe('lockbox', () => {
  it('survives encoding, and is another one each time it is dealt', async () => {
    const keepers = makeKeepers(3)
    const [first, second] = [await dealTo(keepers, 2), await dealTo(keepers, 2)]
    assert.deepEqual(encodeLockbox(decodeLockbox(first.encoded)), first.encoded)
    assert.notDeepEqual(first.encoded, second.encoded)
  })

  it('refuses to deal to no, too many, twin or keyless keepers, or with an impossible threshold', async () => {
    const keepers = makeKeepers(3).map(publicPart)
    const [first] = keepers
    assert.ok(first)
    const deal = (list: typeof keepers, threshold: number): Promise<Uint8Array> =>
      dealLockbox({ context: CONTEXT, keepers: list, threshold, payload: WHOLE })
    for (const threshold of [0, 4, 1.5, -1]) await assert.rejects(deal(keepers, threshold), refusal('BAD_INPUT'))
    await assert.rejects(deal([], 1), refusal('BAD_INPUT'))
    await assert.rejects(deal(makeKeepers(65).map(publicPart), 2), refusal('BAD_INPUT'))
    await assert.rejects(deal([{ ...first, publicKey: `0x${'00'.repeat(32)}` }], 1), refusal('BAD_INPUT'))
    await assert.rejects(deal([first, { ...first, peerId: 'twin' }], 1), refusal('LOCKBOX_INVALID'))
    await assert.rejects(
      deal([first, { ...(keepers[1] ?? first), peerId: first.peerId }], 1),
      refusal('LOCKBOX_INVALID'),
    )
  })

  it('refuses a digest for a part, a whole content without one, and an overlong part', async () => {
    const keepers = makeKeepers(1).map(publicPart)
    const plaintextDigest = pattern(32)
    const payloads = [
      { cover: coverRange(pattern(32), 10, 0, 9) },
      { cover: coverRange(pattern(32), 10, 0, 8), plaintextDigest },
      { cover: coverRange(pattern(32), 20_000, 0, 16_384) },
    ]
    for (const payload of payloads) {
      await assert.rejects(dealLockbox({ context: CONTEXT, keepers, threshold: 1, payload }), refusal('BAD_INPUT'))
    }
  })

  it('refuses another hash than the chain’s', async () => {
    const { encoded } = await dealTo(makeKeepers(2), 1)
    const lockboxHash: Hex = `0x${'11'.repeat(32)}`
    assert.throws(() => verifyLockbox(encoded, { context: CONTEXT, lockboxHash }), refusal('LOCKBOX_INVALID'))
  })

  it('refuses a lockbox of any other chain, contract, content, version, edition, epoch or root', async () => {
    const { encoded } = await dealTo(makeKeepers(2), 2)
    const others: Partial<LockboxContext>[] = [
      { chainId: 1 },
      { contentKeys: '0x00000000000000000000000000000000000000ff' },
      { contentId: bytesToHex(pattern(32, 9)) },
      { version: 2 },
      { editionId: 78n },
      { epoch: 2 },
      { rootDigest: bytesToHex(pattern(32, 9)) },
    ]
    verify(encoded)
    for (const other of others) {
      assert.throws(() => verify(encoded, { ...CONTEXT, ...other }), refusal('LOCKBOX_INVALID'))
    }
  })

  it('refuses shares, proofs and commitments that were exchanged, and names the keeper', async () => {
    const { encoded } = await dealTo(makeKeepers(3), 2)
    const [first, second, third] = decode<Fields>(encoded).keepers
    assert.ok(first && second && third)
    const swaps = [
      [{ ...first, share: second['share'] }, second, third],
      [{ ...first, response: second['response'] }, second, third],
      [{ ...first, publicKey: second['publicKey'] }, { ...second, publicKey: first['publicKey'] }, third],
      [second, first, third],
      [first, second],
    ]
    for (const keepers of swaps) {
      const error = (thrown: unknown): boolean =>
        isSluiceError(thrown, 'LOCKBOX_INVALID') && typeof thrown.details['peerId'] === 'string'
      assert.throws(() => verify(encode({ ...decode<Fields>(encoded), keepers })), error)
    }
  })

  it('refuses hostile encodings', async () => {
    const { encoded } = await dealTo(makeKeepers(3), 2)
    const fields = decode<Fields>(encoded)
    const [first, ...rest] = fields.keepers
    const withFirst = (change: Record<string, unknown>): Fields => ({
      ...fields,
      keepers: [{ ...first, ...change }, ...rest],
    })
    const high = new Uint8Array(32).fill(255)
    const hostile: unknown[] = [
      { ...fields, format: 2 },
      { ...fields, extra: 1 },
      { ...fields, commitments: new Uint8Array(0) },
      { ...fields, commitments: fields.commitments.subarray(1) },
      { ...fields, commitments: new Uint8Array(64) },
      { ...fields, commitments: new Uint8Array(33 * 32) },
      { ...fields, keepers: [] },
      { ...fields, keepers: [first, first, ...rest] },
      { ...fields, keepers: Array.from({ length: 65 }, () => first) },
      withFirst({ share: new Uint8Array(32) }),
      withFirst({ share: high }),
      withFirst({ publicKey: high }),
      withFirst({ challenge: high }),
      withFirst({ response: high }),
      withFirst({ response: encodeScalar(1n).subarray(1) }),
      withFirst({ peerId: '' }),
      withFirst({ peerId: 'x'.repeat(129) }),
    ]
    for (const value of hostile) assert.throws(() => decodeLockbox(encode(value)), refusal('LOCKBOX_INVALID'))
    assert.throws(() => decodeLockbox(new Uint8Array([...encoded, 0])), refusal('LOCKBOX_INVALID'))
  })
})
