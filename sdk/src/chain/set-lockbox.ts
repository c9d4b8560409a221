import type { Hex } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Replaces an edition's lockbox by one that deals the same key material to other keepers. */
export async function setLockbox(client: WriteClient, options: setLockbox.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.keys,
    abi: contentKeysAbi,
    functionName: 'setLockbox',
    args: [options.editionId, options.epoch, options.lockboxHash],
  } as const
  return send(client, call, options)
}

export declare namespace setLockbox {
  type Options = WriteOptions & {
    readonly editionId: bigint
    /** Above the current one. */
    readonly epoch: number
    /** sha2-256 of the new lockbox's bytes. */
    readonly lockboxHash: Hex
  }
}
