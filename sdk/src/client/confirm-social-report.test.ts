import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPublicClient, custom, decodeFunctionData, encodeFunctionResult, pad, zeroAddress, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { contractsBy, socialGraphAbi } from '../chain/index.ts'
import { hashSocialAction, SOCIAL_REFUSALS } from '../social/index.ts'
import type { SocialRefusal, SocialReport } from '../social/index.ts'
import { confirmSocialReport } from './confirm-social-report.ts'

const WORD = pad('0x01')
const ACTION = {
  ...{ wallet: zeroAddress, session: { qx: WORD, qy: WORD }, kind: 2, subject: WORD, value: zeroHash },
  ...{ parent: zeroHash, nonce: 1n, issuedAt: 1n, deadline: 2n },
}
const POST = { action: ACTION, signature: { r: WORD, s: WORD } }
const ID = hashSocialAction({ chainId: 1, social: zeroAddress }, ACTION)

/** Confirms an answer at a chain that has not spent the nonce and would refuse it so, or that does not answer. */
async function confirm(answer: Pick<SocialReport, 'state' | 'reason'>, chain: SocialRefusal | 'away') {
  const request = async ({ params }: { params?: unknown }): Promise<Hex> => {
    if (chain === 'away') throw new TypeError('fetch failed')
    const [{ data }] = params as [{ data: Hex }]
    const { functionName } = decodeFunctionData({ abi: socialGraphAbi, data })
    if (functionName === 'isNonceSpent') return pad('0x00')
    const result = [SOCIAL_REFUSALS.indexOf(chain)]
    return encodeFunctionResult({ abi: socialGraphAbi, functionName: 'submit', result })
  }
  const client = createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
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

  it('keeps any other refusal, with its reason', async () => {
    const { state, reason } = await confirm({ state: 'refused', reason: 'expired' }, 'none')
    assert.deepEqual({ state, reason }, { state: 'refused', reason: 'expired' })
  })
})
