import type { Hex } from 'viem'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { send } from './send.ts'
import { CONTENT_STATUSES } from './types.ts'
import type { ContentStatus, WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Puts a content of the client's account on sale or takes it off; those entitled are served either way. */
export async function setStatus(client: WriteClient, options: setStatus.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.registry,
    abi: metaHashRegistryAbi,
    functionName: 'setStatus',
    args: [options.contentId, CONTENT_STATUSES.indexOf(options.status)],
  } as const
  return send(client, call, options)
}

export declare namespace setStatus {
  type Options = WriteOptions & { readonly contentId: Hex; readonly status: Exclude<ContentStatus, 'none'> }
}
