import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { hexToBytes } from 'viem'
import { u32 } from '../content/bytes.ts'
import { isSluiceError } from '../errors.ts'
import { generateSession, signDigest } from '../session/index.ts'
import { answerShareRequest } from './answer-share-request.ts'
import { createShareRequest } from './create-share-request.ts'
import { answerAs, dealTo, DOMAIN, makeKeepers, NOW, WALLET } from './fixtures.ts'
import type { TestKeeper } from './fixtures.ts'
import {
  BASE,
  combine,
  decodePoint,
  decodeScalar,
  encodeScalar,
  hashToScalar,
  invert,
  KEEPER_BASE,
  mod,
  randomScalar,
} from './group.ts'
import type { Point } from './group.ts'
import { labelOf } from './label.ts'
import { decodeShareRequest, encodeShareRequest, hashShareRequest } from './share-request.ts'
import type { ShareRequest } from './share-request.ts'
import { verifyShare } from './verify-share.ts'

/**
 * Both attacks make a keeper that hashes too little decrypt `Y`, a share of somebody else's lockbox, under the label of
 * an edition that the attacker has. `Y` is hidden in a commitment `B = β·y + δ·Y`; what the keeper is handed as the
 * encrypted share is solved for afterwards, which only works while the challenge does not depend on it.
 */
type Statement = { label: Uint8Array; index: number; y: Point; X: Point; Y: Point }
type Challenge = (statement: Statement, A: Point, B: Point) => bigint
type Forgery = { X: Point; Y: Point; c: bigint; r: bigint; recover: (share: Point) => Point }

const bytesOf = (...points: Point[]): Uint8Array[] => points.map((point) => point.toBytes())
const withoutShare: Challenge = ({ label, index, y, X }, A, B) =>
  hashToScalar('sluice/deal/1', label, u32(index), ...bytesOf(y, X, A, B))
const commitmentsOnly: Challenge = ({ label }, A, B) => hashToScalar('sluice/deal/1', label, ...bytesOf(A, B))

function weakVerify(challenge: Challenge, statement: Statement, c: bigint, r: bigint): boolean {
  const A = combine(BASE, r, statement.X, c)
  const B = combine(statement.y, r, statement.Y, c)
  return challenge(statement, A, B) === c
}

function forge(challenge: Challenge, y: Point, victim: Point, label: Uint8Array, index: number): Forgery {
  const [secret, nonce, beta, delta] = [randomScalar(), randomScalar(), randomScalar(), randomScalar()]
  const X = BASE.multiply(secret)
  const A = BASE.multiply(nonce)
  const B = combine(y, beta, victim, delta)
  const c = challenge({ label, index, y, X, Y: B }, A, B)
  const r = mod(nonce - c * secret)
  const Y = combine(B, invert(c), y, mod(-r * invert(c)))
  // S = x⁻¹·Y = c⁻¹·((β − r)·G + δ·S_victim), so the victim's share follows.
  const recover = (share: Point): Point =>
    combine(share, mod(c * invert(delta)), KEEPER_BASE, mod((r - beta) * invert(delta)))
  return { X, Y, c, r, recover }
}

async function attack(challenge: Challenge, keeper: TestKeeper): Promise<void> {
  const session = await generateSession()
  const { lockbox } = await dealTo([keeper], 1)
  const own = await dealTo([keeper], 1, { context: { ...contextOf(lockbox.preimage), editionId: 666n } })
  const [victim, deal] = [lockbox.deals[0], own.lockbox.deals[0]]
  assert.ok(victim && deal)
  const label = hexToBytes(labelOf(own.lockbox.preimage))
  const forged = forge(challenge, victim.publicKey, victim.encryptedShare, label, 1)
  const statement = { label, index: 1, y: victim.publicKey, X: forged.X, Y: forged.Y }
  assert.equal(weakVerify(challenge, statement, forged.c, forged.r), true, 'the weak keeper accepts')

  const pending = await createShareRequest({
    lockbox: own.lockbox,
    deal,
    wallet: WALLET,
    session,
    domain: DOMAIN,
    now: NOW,
  })
  const { signature: _signature, ...honest } = decodeShareRequest(pending.encoded)
  const request: ShareRequest = {
    ...honest,
    deal: {
      commitment: forged.X.toBytes(),
      encryptedShare: forged.Y.toBytes(),
      challenge: encodeScalar(forged.c),
      response: encodeScalar(forged.r),
    },
  }
  const requestHash = hashShareRequest(DOMAIN, request)

  const answer = await answerShareRequest(keeper.secret, request, { grant: requestHash })
  const share = await verifyShare({ ...pending, requestHash, deal: { ...deal, encryptedShare: forged.Y } }, answer)
  const stolen = forged.recover(share.point)
  const secret = decodeScalar(keeper.secret) ?? 0n
  assert.ok(stolen.equals(victim.encryptedShare.multiply(invert(secret))), 'its answer gives the victim’s share away')

  const signature = await signDigest(session, requestHash)
  await assert.rejects(answerAs(keeper, encodeShareRequest({ ...request, signature })), (error) =>
    isSluiceError(error, 'PROOF_INVALID'),
  )
}

function contextOf<T extends object>(preimage: T & { threshold: number; keeperCount: number; keepersHash: string }) {
  const { threshold: _threshold, keeperCount: _count, keepersHash: _hash, ...context } = preimage
  return context
}

describe('forged deals', () => {
  it('open a stranger’s lockbox at a keeper that leaves Y out of the hash, and fail here', async () => {
    const [keeper] = makeKeepers(1)
    assert.ok(keeper && decodePoint(hexToBytes(keeper.publicKey)))
    await attack(withoutShare, keeper)
  })

  it('open a stranger’s lockbox at a keeper that hashes only the label and commitments, and fail here', async () => {
    const [keeper] = makeKeepers(1)
    assert.ok(keeper)
    await attack(commitmentsOnly, keeper)
  })

  it('are refused when a true deal is shown under another label', async () => {
    const [keeper] = makeKeepers(1)
    assert.ok(keeper)
    const session = await generateSession()
    const { lockbox } = await dealTo([keeper], 1)
    const [deal] = lockbox.deals
    assert.ok(deal)
    const relabelled = { ...lockbox, preimage: { ...lockbox.preimage, editionId: 666n } }
    const options = { lockbox: relabelled, deal, wallet: WALLET, session, domain: DOMAIN, now: NOW }
    const { encoded } = await createShareRequest(options)
    await assert.rejects(answerAs(keeper, encoded), (error) => isSluiceError(error, 'PROOF_INVALID'))
  })
})
