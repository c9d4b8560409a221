import type { Hex } from 'viem'
import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Sets the one reaction that the client's account has to a content. */
export async function react(client: WriteClient, options: react.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.social,
    abi: socialGraphAbi,
    functionName: 'react',
    args: [options.contentId, options.reaction],
  } as const
  return send(client, call, options)
}

export declare namespace react {
  type Options = WriteOptions & {
    readonly contentId: Hex
    /** 1 to 255; 0 clears. */
    readonly reaction: number
  }
}
