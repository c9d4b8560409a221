import { zeroHash } from 'viem'
import type { Hex } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Announces a comment on a content as the client's account; its text is a block, which somebody must hold. */
export async function comment(client: WriteClient, options: comment.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'comment',
    args: [options.contentId, options.parent ?? zeroHash, options.digest],
  } as const
  return send(client, call, options)
}

export declare namespace comment {
  type Options = WriteOptions & {
    readonly contentId: Hex
    /** sha2-256 of the comment's block. */
    readonly digest: Hex
    /** Digest of the comment that this one answers, if any. */
    readonly parent?: Hex | undefined
  }
}
