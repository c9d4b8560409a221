import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { pattern } from '../content/fixtures.ts'
import { coverRange } from '../content/key-tree.ts'
import { isSluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { generateSession } from '../session/index.ts'
import { collectShares } from './collect-shares.ts'
import { createShareRequest } from './create-share-request.ts'
import type { PendingShare } from './create-share-request.ts'
import { answerAs, DOMAIN, dealTo, makeKeepers, NOW, WALLET, WHOLE } from './fixtures.ts'
import type { TestKeeper } from './fixtures.ts'
import { BASE, decodeScalar, invert } from './group.ts'
import { combineShares, openLockbox } from './open-lockbox.ts'
import { decodeShareRequest, encodeShareRequest, MAX_REQUEST_BYTES } from './share-request.ts'
import { encodeShareResponse, MAX_RESPONSE_BYTES } from './share-response.ts'
import { verifyShare } from './verify-share.ts'
import type { Share } from './verify-share.ts'
import type { VerifiedLockbox } from './verify-lockbox.ts'

const RANGE = { sliceCount: 10, firstSlice: 0, lastSlice: 9 }
const session = await generateSession()
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

function sharesOf(lockbox: VerifiedLockbox, keepers: readonly TestKeeper[]): Share[] {
  return lockbox.deals.map(({ index, encryptedShare }) => {
    const secret = decodeScalar(keepers[index - 1]?.secret ?? new Uint8Array()) ?? 1n
    return { index, point: encryptedShare.multiply(invert(secret)) }
  })
}

async function ask(lockbox: VerifiedLockbox, at: number): Promise<PendingShare> {
  const deal = lockbox.deals[at]
  assert.ok(deal)
  return createShareRequest({ lockbox, deal, wallet: WALLET, session, domain: DOMAIN, now: NOW })
}

describe('combining shares', () => {
  it('opens with any t of n shares, and with no fewer', async () => {
    const dealt = fc.integer({ min: 1, max: 7 }).chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 1, max: n })))
    await fc.assert(
      fc.asyncProperty(dealt, fc.infiniteStream(fc.nat()), async ([count, threshold], order) => {
        const keepers = makeKeepers(count)
        const { lockbox } = await dealTo(keepers, threshold)
        const weights = new Map(keepers.map((_keeper, at) => [at + 1, order.next().value]))
        const shuffled = sharesOf(lockbox, keepers).toSorted(
          (left, right) => (weights.get(left.index) ?? 0) - (weights.get(right.index) ?? 0),
        )
        assert.deepEqual(await openLockbox(lockbox, shuffled.slice(0, threshold), RANGE), WHOLE)
        assert.deepEqual(await openLockbox(lockbox, shuffled, RANGE), WHOLE)
        assert.throws(() => combineShares(shuffled.slice(0, threshold - 1), threshold), refusal('NOT_ENOUGH_SHARES'))
      }),
      { numRuns: 25 },
    )
  })

  it('counts a share that comes twice as one', async () => {
    const keepers = makeKeepers(3)
    const { lockbox } = await dealTo(keepers, 2)
    const [first] = sharesOf(lockbox, keepers)
    assert.ok(first)
    assert.throws(() => combineShares([first, first], 2), refusal('NOT_ENOUGH_SHARES'))
  })

  it('calls a lockbox that does not hold what the edition sells the creator’s fraud', async () => {
    const keepers = makeKeepers(2)
    const { lockbox } = await dealTo(keepers, 1)
    const shares = sharesOf(lockbox, keepers)
    await assert.rejects(openLockbox(lockbox, shares, { ...RANGE, lastSlice: 8 }), refusal('FRAUD_PROVEN'))
    await assert.rejects(openLockbox(lockbox, shares, { ...RANGE, sliceCount: 11 }), refusal('FRAUD_PROVEN'))
    const sealed = lockbox.sealed.with(0, (lockbox.sealed[0] ?? 0) ^ 1)
    await assert.rejects(openLockbox({ ...lockbox, sealed }, shares, RANGE), refusal('FRAUD_PROVEN'))
  })

  it('opens a part, with its keys checked', async () => {
    const keepers = makeKeepers(1)
    const payload = { cover: coverRange(pattern(32), 100, 3, 60) }
    const { lockbox } = await dealTo(keepers, 1, { payload })
    const range = { sliceCount: 100, firstSlice: 3, lastSlice: 60 }
    assert.deepEqual(await openLockbox(lockbox, sharesOf(lockbox, keepers), range), payload)
  })
})

describe('share request', () => {
  it('is bounded, survives encoding, and refuses hostile bytes', async () => {
    const { lockbox } = await dealTo(makeKeepers(2), 2)
    const { encoded } = await ask(lockbox, 0)
    assert.ok(encoded.length < MAX_REQUEST_BYTES / 2)
    assert.deepEqual(encodeShareRequest(decodeShareRequest(encoded)), encoded)
    for (const bytes of [new Uint8Array(0), encoded.subarray(1), new Uint8Array(MAX_REQUEST_BYTES + 1)]) {
      assert.throws(() => decodeShareRequest(bytes), refusal('BAD_INPUT'))
    }
  })

  it('is refused by another keeper, for another label, and with another field than was signed', async () => {
    const keepers = makeKeepers(3)
    const [first, second] = keepers
    assert.ok(first && second)
    const { lockbox } = await dealTo(keepers, 2)
    const { encoded } = await ask(lockbox, 0)
    const request = decodeShareRequest(encoded)
    const send = (change: Partial<typeof request>, keeper = first): Promise<Uint8Array> =>
      answerAs(keeper, encodeShareRequest({ ...request, ...change }))
    await send({})
    await assert.rejects(answerAs(second, encoded), refusal('BAD_INPUT'))
    await assert.rejects(send({ keeper: second.peerId }, second), refusal('PROOF_INVALID'))
    await assert.rejects(send({ label: { ...request.label, editionId: 78n } }), refusal('PROOF_INVALID'))
    await assert.rejects(send({ label: { ...request.label, version: 2 } }), refusal('PROOF_INVALID'))
    await assert.rejects(send({ label: { ...request.label, epoch: 2 } }), refusal('PROOF_INVALID'))
    await assert.rejects(send({ label: { ...request.label, chainId: 1 } }), refusal('BAD_INPUT'))
    await assert.rejects(send({ index: 2 }), refusal('PROOF_INVALID'))
    await assert.rejects(send({ index: 60 }), refusal('PROOF_INVALID'))
    await assert.rejects(send({ wallet: DOMAIN.channels }), refusal('SIGNATURE_INVALID'))
    await assert.rejects(send({ nonce: `0x${'01'.repeat(32)}` }), refusal('SIGNATURE_INVALID'))
    await assert.rejects(send({ issuedAt: NOW + 1 }), refusal('SIGNATURE_INVALID'))
    await assert.rejects(send({ ephemeralKey: pattern(32) }), refusal('SIGNATURE_INVALID'))
  })
})

describe('share', () => {
  it('is refused from another request, by another keeper or when tampered with', async () => {
    const keepers = makeKeepers(2)
    const [first] = keepers
    assert.ok(first)
    const { lockbox } = await dealTo(keepers, 1)
    const [pending, other] = [await ask(lockbox, 0), await ask(lockbox, 0)]
    const answer = await answerAs(first, pending.encoded)
    assert.ok(answer.length < MAX_RESPONSE_BYTES / 2)
    assert.equal((await verifyShare(pending, answer)).index, 1)
    await assert.rejects(verifyShare(other, answer), refusal('SHARE_INVALID'))
    await assert.rejects(verifyShare(pending, answer.with(60, (answer[60] ?? 0) ^ 1)), refusal('SHARE_INVALID'))
    await assert.rejects(verifyShare(pending, pattern(40)), refusal('SHARE_INVALID'))
    const foreign = { ...pending, deal: { ...pending.deal, publicKey: BASE } }
    await assert.rejects(verifyShare(foreign, answer), (error) => {
      return isSluiceError(error, 'SHARE_INVALID') && error.details['peerId'] === 'keeper-1'
    })
  })

  it('carries the keeper’s refusal as an error of its code', async () => {
    const { lockbox } = await dealTo(makeKeepers(1), 1)
    const response = encodeShareResponse({ refusal: 'NOT_ENTITLED' })
    await assert.rejects(verifyShare(await ask(lockbox, 0), response), refusal('NOT_ENTITLED'))
  })
})

describe('collecting shares', () => {
  type Behaviour = 'honest' | 'false' | 'refuses' | 'hangs' | 'offline'

  async function collect(behaviours: Behaviour[], threshold: number): Promise<{ opened: unknown; failed: string[] }> {
    const keepers = makeKeepers(behaviours.length)
    const { lockbox } = await dealTo(keepers, threshold)
    const failed: string[] = []
    const shares = await collectShares({
      lockbox,
      wallet: WALLET,
      session,
      domain: DOMAIN,
      timeout: 150,
      onFailure: ({ peerId, code }) => failed.push(`${peerId} ${code}`),
      requestShare: async (peerId, request) => {
        const at = keepers.findIndex((keeper) => keeper.peerId === peerId)
        const keeper = keepers[at]
        assert.ok(keeper)
        switch (behaviours[at]) {
          case 'honest':
            return answerAs(keeper, request)
          case 'false':
            return pattern(100)
          case 'refuses':
            return encodeShareResponse({ refusal: 'RATE_LIMITED' })
          case 'hangs':
            return new Promise(() => undefined)
          default:
            throw new Error('connection refused')
        }
      },
    })
    return { opened: await openLockbox(lockbox, shares, RANGE), failed }
  }

  it('opens although some keepers cheat, refuse, hang or are gone', async () => {
    const { opened, failed } = await collect(['false', 'hangs', 'refuses', 'offline', 'honest', 'honest'], 2)
    assert.deepEqual(opened, WHOLE)
    assert.ok(failed.includes('keeper-1 SHARE_INVALID'))
  })

  it('does not wait for one keeper that hangs', async () => {
    const { failed } = await collect(['hangs', 'honest', 'honest'], 2)
    assert.deepEqual(failed, [])
  })

  it('says who failed and why when too few answer', async () => {
    const expected = [
      'keeper-1 SHARE_INVALID',
      'keeper-2 RATE_LIMITED',
      'keeper-3 NODE_UNREACHABLE',
      'keeper-4 TIMEOUT',
    ]
    await assert.rejects(collect(['false', 'refuses', 'offline', 'hangs', 'honest'], 2), (error) => {
      assert.ok(isSluiceError(error, 'NOT_ENOUGH_SHARES'))
      const failures = error.details['failures'] as { peerId: string; code: string }[]
      assert.deepEqual(failures.map(({ peerId, code }) => `${peerId} ${code}`).toSorted(), expected)
      assert.equal(error.details['have'], 1)
      return true
    })
  })
})
