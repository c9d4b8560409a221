import { createPublicClient, custom, decodeFunctionData, encodeFunctionResult, pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { socialGraphAbi } from '../chain/index.ts'
import type { ReadClient } from '../chain/index.ts'
import { SOCIAL_REFUSALS } from '../social/index.ts'
import type { SocialRefusal } from '../social/index.ts'

const BLOCK = { timestamp: '0x64', number: '0x1', hash: zeroHash, transactions: [], gasLimit: '0x1', gasUsed: '0x0' }

/**
 * What a social graph says at the moment: whether a nonce is spent, and why it would refuse an action; `unknown` is a reason
 * that this version has no name for.
 */
export type SocialChainState = { spent: boolean; refusal: SocialRefusal | 'unknown'; away?: boolean }

/** A chain, at the time 100, whose social graph says of everything what `state` holds. */
export function createSocialChain(state: SocialChainState): ReadClient {
  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    if (state.away === true) throw new TypeError('fetch failed')
    if (method !== 'eth_call') return BLOCK
    const [{ data }] = params as [{ data: Hex }]
    const { functionName } = decodeFunctionData({ abi: socialGraphAbi, data })
    if (functionName === 'isNonceSpent') return pad(state.spent ? '0x01' : '0x00')
    const { refusal } = state
    const result = [refusal === 'unknown' ? SOCIAL_REFUSALS.length : SOCIAL_REFUSALS.indexOf(refusal)]
    return encodeFunctionResult({ abi: socialGraphAbi, functionName: 'submit', result })
  }
  return createPublicClient({ transport: custom({ request }, { retryCount: 0 }) })
}
