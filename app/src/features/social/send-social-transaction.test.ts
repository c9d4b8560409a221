import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { contractsBy, socialGraphAbi } from '@sluice/sdk/chain'
import type { SocialDeed } from '@sluice/sdk/social'
import { createClient, custom, decodeFunctionData, getAddress, pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { sendSocialTransaction } from './send-social-transaction.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const SOCIAL = getAddress(`0x${'50'.repeat(20)}`)
const CONTENT = pad('0xc0')
const DIGEST = pad('0xd1')

/** What the wallet is asked to send for a deed. */
async function sentFor(deed: SocialDeed): Promise<{ to: Hex; data: Hex }> {
  const sent = Promise.withResolvers<{ to: Hex; data: Hex }>()
  const request = ({ method, params }: { method: string; params?: unknown }) => {
    if (method === 'eth_call') return Promise.resolve('0x')
    if (method !== 'eth_sendTransaction') return Promise.resolve('0x1')
    sent.resolve((params as [{ to: Hex; data: Hex }])[0])
    return new Promise(() => undefined)
  }
  const client = createClient({ account: WALLET, transport: custom({ request }) })
  void sendSocialTransaction(client, { contracts: contractsBy(() => SOCIAL), deed }).catch((error: unknown) => {
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
})
