import type { Address, Hex } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { read } from './read.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Whether a wallet may have a range of a version's slices now, by any one edition or as the creator. */
export async function isEntitled(client: ReadClient, options: isEntitled.Options): Promise<boolean> {
  const { contracts, contentId, version, holder, firstSlice, lastSlice } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'isEntitled',
    args: [contentId, version, holder, firstSlice, lastSlice],
  } as const
  return read(client, call, options)
}

export declare namespace isEntitled {
  type Options = ReadOptions & {
    readonly contentId: Hex
    readonly version: number
    readonly holder: Address
    readonly firstSlice: number
    /** Inclusive. */
    readonly lastSlice: number
  }
}
