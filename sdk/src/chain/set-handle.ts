import { socialGraphAbi } from './generated/social-graph.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Takes a free handle for the client's account and frees its earlier one; the empty handle only frees. */
export async function setHandle(client: WriteClient, options: setHandle.Options): Promise<WriteResult> {
  const { contracts, handle } = options
  const call = { address: contracts.social, abi: socialGraphAbi, functionName: 'setHandle', args: [handle] } as const
  return send(client, call, options)
}

export declare namespace setHandle {
  type Options = WriteOptions & {
    /** 3 to 32 of a-z, 0-9, `-` and `_`; empty for none. */
    readonly handle: string
  }
}
