import { simulateContract } from 'viem/actions'
import { socialRefusal } from '../social/index.ts'
import type { SignedSocialAction, SocialRefusal } from '../social/index.ts'
import { toChainError } from './chain-error.ts'
import { socialGraphAbi } from './generated/social-graph.ts'
import { checkSocialBatch } from './submit-social-actions.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/**
 * Asks the chain what it would refuse of a batch now, one answer per action, `none` for what would be done. Costs nothing and
 * promises nothing: another submitter may be faster.
 *
 * @throws `BAD_INPUT` for no actions or more than 64.
 */
export async function checkSocialActions(
  client: ReadClient,
  options: checkSocialActions.Options,
): Promise<readonly (SocialRefusal | undefined)[]> {
  const { contracts, actions, blockNumber } = options
  checkSocialBatch(actions)
  const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'submit', args: [actions] } as const
  try {
    const at = blockNumber === undefined ? {} : { blockNumber }
    const { result } = await simulateContract(client, { ...call, ...at })
    return result.map(socialRefusal)
  } catch (error) {
    throw toChainError(error, 'checkSocialActions')
  }
}

export declare namespace checkSocialActions {
  type Options = ReadOptions & { readonly actions: readonly SignedSocialAction[] }
}
