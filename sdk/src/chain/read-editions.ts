import type { Hex } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import { readEdition } from './read-edition.ts'
import type { Edition, ReadClient, ReadOptions } from './types.ts'

/** Reads all editions of a content, in order of creation; the contract allows 64 at most. */
export async function readEditions(client: ReadClient, options: readEditions.Options): Promise<readonly Edition[]> {
  const { contracts, contentId } = options
  const call = { address: contracts.keys, abi: contentKeysAbi, functionName: 'editionsOf', args: [contentId] } as const
  const ids = await read(client, call, options)
  return Promise.all(ids.map((editionId) => readEdition(client, { ...options, editionId })))
}

export declare namespace readEditions {
  type Options = ReadOptions & { readonly contentId: Hex }
}
