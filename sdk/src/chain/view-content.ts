import type { Hex } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Counts a view by the client's account, once per content and UTC day.
 *
 * @throws `NOT_ENTITLED` where the account does not hold the edition now; `CHAIN_REVERT` where the view was counted today,
 * the edition is of another content, or the account is its creator.
 */
export async function viewContent(client: WriteClient, options: viewContent.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'recordView',
    args: [options.contentId, options.editionId],
  } as const
  return send(client, call, options)
}

export declare namespace viewContent {
  type Options = WriteOptions & {
    readonly contentId: Hex
    /** An edition of the content that the account holds. */
    readonly editionId: bigint
  }
}
