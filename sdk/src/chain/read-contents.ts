import type { Hex } from 'viem'
import { toContentRecord } from './content-record.ts'
import { metaHashRegistryAbi } from './generated/meta-hash-registry.ts'
import { read } from './read.ts'
import type { ContentRecord, ContentVersion, ReadClient, ReadOptions } from './types.ts'

/** What the registry answers in one batch. */
const BATCH = 256

/** Reads many contents with the latest version of each, in the order of their ids; what was never published is left out. */
export async function readContents(
  client: ReadClient,
  options: readContents.Options,
): Promise<readonly readContents.Listed[]> {
  const listed: readContents.Listed[] = []
  for (let start = 0; start < options.contentIds.length; start += BATCH) {
    const part = options.contentIds.slice(start, start + BATCH)
    const call = {
      address: options.contracts.registry,
      abi: metaHashRegistryAbi,
      functionName: 'contentsOf',
      args: [part],
    } as const
    const [contents, versions] = await read(client, call, options)
    part.forEach((contentId, i) => {
      const [stored, latest] = [contents[i], versions[i]]
      if (stored && latest && stored.versionCount > 0) {
        listed.push({ content: toContentRecord(contentId, stored), latest })
      }
    })
  }
  return listed
}

export declare namespace readContents {
  type Options = ReadOptions & { readonly contentIds: readonly Hex[] }
  type Listed = { readonly content: ContentRecord; readonly latest: ContentVersion }
}
