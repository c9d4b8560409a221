import { parseEventLogs } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { send } from './send.ts'
import { titleSuffix } from './title-suffix.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Adds a version to a content of the client's account, and says which number it got. */
export async function publishVersion(
  client: WriteClient,
  options: publishVersion.Options,
): Promise<publishVersion.Result> {
  const { contracts, contentId, metaHash, proofRoot, sliceCount, title } = options
  const call = {
    address: contracts.registry,
    abi: metaHashRegistryAbi,
    functionName: 'publishVersion',
    args: [contentId, metaHash, proofRoot, sliceCount],
    ...(title ? { dataSuffix: titleSuffix(title, metaHash) } : {}),
  } as const
  const sent = await send(client, call, options)
  const [log] = parseEventLogs({
    abi: metaHashRegistryAbi,
    eventName: 'VersionPublished',
    logs: sent.receipt.logs,
    args: { contentId, metaHash },
  })
  if (log === undefined) throw new SluiceError('INTERNAL', 'The registry did not say which version it published.')
  return { ...sent, version: log.args.version }
}

export declare namespace publishVersion {
  type Options = WriteOptions & {
    readonly contentId: Hex
    /** sha2-256 of the new manifest's bytes. */
    readonly metaHash: Hex
    readonly proofRoot: Hex
    readonly sliceCount: number
    /** The manifest's title, for lists to search; public, see {@link titleSuffix}. None when left out. */
    readonly title?: string | undefined
  }
  type Result = WriteResult & { readonly version: number }
}
