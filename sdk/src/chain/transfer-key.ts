import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/** Gives keys of a transferable edition to another wallet; the entitlement goes with them. */
export async function transferKey(client: WriteClient, options: transferKey.Options): Promise<WriteResult> {
  const { contracts, editionId, to, quantity = 1n } = options
  const call = {
    address: contracts.keys,
    abi: contentKeysAbi,
    functionName: 'safeTransferFrom',
    args: [client.account.address, to, editionId, quantity, '0x'],
  } as const
  return send(client, call, options)
}

export declare namespace transferKey {
  type Options = WriteOptions & {
    readonly editionId: bigint
    readonly to: Address
    /** 1 when left out. */
    readonly quantity?: bigint | undefined
  }
}
