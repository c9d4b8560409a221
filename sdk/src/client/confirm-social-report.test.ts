import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pad, zeroAddress, zeroHash } from 'viem'
import { contractsBy } from '../chain/index.ts'
import { hashSocialAction } from '../social/index.ts'
import type { SocialReport } from '../social/index.ts'
import { confirmSocialReport } from './confirm-social-report.ts'
import { createSocialChain } from './social-fixtures.ts'
import type { SocialChainState } from './social-fixtures.ts'

const WORD = pad('0x01')
const ACTION = {
  ...{ wallet: zeroAddress, session: { qx: WORD, qy: WORD }, kind: 2, subject: WORD, value: zeroHash },
  ...{ parent: zeroHash, nonce: 1n, issuedAt: 1n, deadline: 2n },
}
const POST = { action: ACTION, signature: { r: WORD, s: WORD } }
const ID = hashSocialAction({ chainId: 1, social: zeroAddress }, ACTION)

/** Confirms an answer at a chain that has not spent the nonce and would refuse it so, or that does not answer. */
async function confirm(answer: Pick<SocialReport, 'state' | 'reason'>, chain: SocialChainState['refusal'] | 'away') {
  const isAway = chain === 'away'
  const client = createSocialChain({ spent: false, refusal: isAway ? 'none' : chain, away: isAway })
  const place = { chain: client, chainId: 1, contracts: contractsBy(() => zeroAddress) }
  return confirmSocialReport(place, POST, { id: ID, post: POST, ...answer })
}

describe('confirmSocialReport', () => {
  it('takes for so already what the chain says is so already', async () => {
    const { state, reason } = await confirm({ state: 'refused', reason: 'unchanged' }, 'unchanged')
    assert.deepEqual({ state, reason }, { state: 'refused', reason: 'unchanged' })
    assert.equal((await confirm({ state: 'refused', reason: 'unchanged' }, 'none')).state, 'submitted')
  })

  it('takes a spent nonce for done only where it is spent', async () => {
    assert.equal((await confirm({ state: 'refused', reason: 'nonce-spent' }, 'none')).state, 'submitted')
  })

  it('takes what a chain that is away cannot say for submitted', async () => {
    assert.equal((await confirm({ state: 'settled' }, 'away')).state, 'submitted')
    assert.equal((await confirm({ state: 'refused', reason: 'unchanged' }, 'away')).state, 'submitted')
  })

  it('takes any other refusal from the chain alone, with the chain’s reason', async () => {
    const expired = await confirm({ state: 'refused', reason: 'expired' }, 'expired')
    assert.deepEqual([expired.state, expired.reason], ['refused', 'expired'])
    const taken = await confirm({ state: 'refused', reason: 'expired' }, 'handle-taken')
    assert.deepEqual([taken.state, taken.reason], ['refused', 'handle-taken'])
    assert.equal((await confirm({ state: 'refused', reason: 'expired' }, 'nonce-spent')).state, 'settled')
  })

  it('holds the refusal of what the chain finds early, or refuses for a reason that is not known', async () => {
    for (const chain of ['early', 'unknown'] as const) {
      const { state, reason, isDisputed } = await confirm({ state: 'refused', reason: 'early' }, chain)
      assert.deepEqual([state, reason, isDisputed], ['pending', undefined, undefined])
    }
  })

  it('disputes the refusal of what the chain would do, and holds it where the chain is away', async () => {
    const lie = await confirm({ state: 'refused', reason: 'handle-taken' }, 'none')
    assert.deepEqual([lie.state, lie.reason, lie.isDisputed], ['pending', undefined, true])
    const unsaid = await confirm({ state: 'refused', reason: 'handle-taken' }, 'away')
    assert.deepEqual([unsaid.state, unsaid.reason, unsaid.isDisputed], ['pending', undefined, undefined])
  })
})
