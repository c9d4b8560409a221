import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { contractsBy, socialGraphAbi } from '@sluice/sdk/chain'
import { SOCIAL_ACTION_KINDS, SOCIAL_REFUSALS } from '@sluice/sdk/social'
import type { SocialDeed, SocialPost, SocialRefusal } from '@sluice/sdk/social'
import { createClient, custom, decodeFunctionData, encodeFunctionResult, getAddress, pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { sendSocialTransaction } from './send-social-transaction.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const SOCIAL = getAddress(`0x${'50'.repeat(20)}`)
const CONTENT = pad('0xc0')
const DIGEST = pad('0xd1')

const COMMENT = { kind: 'comment', contentId: CONTENT, digest: DIGEST } as const
/** What a session signed for the same comment. */
const SIGNED: SocialPost = {
  action: {
    ...{ wallet: WALLET, session: { qx: DIGEST, qy: DIGEST }, kind: SOCIAL_ACTION_KINDS.indexOf('comment') },
    ...{ subject: CONTENT, value: DIGEST, parent: zeroHash, nonce: 1n, issuedAt: 1n, deadline: 2n },
  },
  signature: { r: DIGEST, s: DIGEST },
}

type Before = {
  readonly signed?: SocialPost
  readonly refusal?: SocialRefusal | 'unknown'
  readonly drop?: (post: SocialPost) => void
}

/** What the wallet is asked to send for a deed, where the chain would refuse so what was `signed` for it before. */
async function sentFor(deed: SocialDeed, { signed, refusal = 'none', drop }: Before = {}) {
  const sent = Promise.withResolvers<{ to: Hex; data: Hex }>()
  const result = [refusal === 'unknown' ? SOCIAL_REFUSALS.length : SOCIAL_REFUSALS.indexOf(refusal)]
  const kept = { find: async () => signed, drop: drop ?? (() => assert.fail('dropped before it has landed')) }
  const request = ({ method, params }: { method: string; params?: unknown }) => {
    if (method === 'eth_call') {
      const [{ data }] = params as [{ data: Hex }]
      const { functionName } = decodeFunctionData({ abi: socialGraphAbi, data })
      const isBatch = functionName === 'submit'
      return Promise.resolve(isBatch ? encodeFunctionResult({ abi: socialGraphAbi, functionName, result }) : '0x')
    }
    if (method !== 'eth_sendTransaction') return Promise.resolve('0x1')
    sent.resolve((params as [{ to: Hex; data: Hex }])[0])
    return new Promise(() => undefined)
  }
  const client = createClient({ account: WALLET, transport: custom({ request }) })
  void sendSocialTransaction(client, { contracts: contractsBy(() => SOCIAL), deed, kept }).catch((error: unknown) => {
    sent.reject(error instanceof Error ? error : new Error(String(error)))
  })
  return sent.promise
}

describe('sendSocialTransaction', () => {
  it('has each deed done by the function of the contract that is for it', async () => {
    const cases: readonly [SocialDeed, string, readonly unknown[]][] = [
      [{ kind: 'handle', handle: 'ada' }, 'setHandle', ['ada']],
      [{ kind: 'follow', target: WALLET }, 'follow', [WALLET]],
      [{ kind: 'unfollow', target: WALLET }, 'unfollow', [WALLET]],
      [{ kind: 'react', contentId: CONTENT, reaction: 1 }, 'react', [CONTENT, 1]],
      [{ kind: 'comment', contentId: CONTENT, digest: DIGEST }, 'comment', [CONTENT, zeroHash, DIGEST]],
      [{ kind: 'comment', contentId: CONTENT, digest: DIGEST, parent: CONTENT }, 'comment', [CONTENT, CONTENT, DIGEST]],
      [{ kind: 'view', contentId: CONTENT, editionId: 7n }, 'recordView', [CONTENT, 7n]],
    ]
    for (const [deed, functionName, args] of cases) {
      const { to, data } = await sentFor(deed)
      assert.equal(getAddress(to), SOCIAL)
      assert.deepEqual(decodeFunctionData({ abi: socialGraphAbi, data }), { functionName, args })
    }
  })

  it('submits what was signed for a comment before, so that it lands once', async () => {
    const { data } = await sentFor(COMMENT, { signed: SIGNED })
    const { functionName, args } = decodeFunctionData({ abi: socialGraphAbi, data })
    assert.deepEqual([functionName, args], ['submit', [[SIGNED]]])
  })

  it('sends nothing where it has landed, and keeps it no longer', async () => {
    const dropped: SocialPost[] = []
    const drop = (post: SocialPost): void => void dropped.push(post)
    const landed = sentFor(COMMENT, { signed: SIGNED, refusal: 'nonce-spent', drop })
    await assert.rejects(landed, (error) => isSluiceError(error, 'CHAIN_REVERT'))
    assert.deepEqual(dropped, [SIGNED])
  })

  it('waits where what was signed can still land: at a chain that is behind, or for a reason that is not known', async () => {
    for (const refusal of ['early', 'unknown'] as const) {
      await assert.rejects(sentFor(COMMENT, { signed: SIGNED, refusal }), {
        code: 'CHAIN_REVERT',
        message: 'This was said already, and is on its way.',
      })
    }
  })

  it('has a comment done anew where what was signed cannot land', async () => {
    const { data } = await sentFor(COMMENT, { signed: SIGNED, refusal: 'session-expired' })
    assert.equal(decodeFunctionData({ abi: socialGraphAbi, data }).functionName, 'comment')
  })
})
