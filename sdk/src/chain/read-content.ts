import type { Hex } from 'viem'
import { toContentRecord } from './content-record.ts'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { read } from './read.ts'
import type { ContentRecord, ContentVersion, ReadClient, ReadOptions } from './types.ts'

/**
 * Reads a content and one of its versions, the latest when none is named.
 *
 * @throws `CONTENT_UNKNOWN` for an id that was never published, `CHAIN_REVERT` with `MetaHashRegistry_VersionUnknown`.
 */
export async function readContent(client: ReadClient, options: readContent.Options): Promise<readContent.Result> {
  const { contracts, contentId } = options
  const registry = { address: contracts.registry, abi: metaHashRegistryAbi } as const
  const stored = await read(client, { ...registry, functionName: 'contentOf', args: [contentId] }, options)
  const content = toContentRecord(contentId, stored)
  const number = options.version ?? content.versionCount
  const call = { ...registry, functionName: 'versionOf', args: [contentId, number] } as const
  return { content, number, version: await read(client, call, options) }
}

export declare namespace readContent {
  type Options = ReadOptions & {
    readonly contentId: Hex
    /** From 1; the latest when left out. */
    readonly version?: number | undefined
  }
  type Result = { readonly content: ContentRecord; readonly number: number; readonly version: ContentVersion }
}
