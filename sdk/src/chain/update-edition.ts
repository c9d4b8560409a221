import { contentKeysAbi } from './generated/content-keys.ts'
import { send } from './send.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Changes what an edition's next keys cost and how many there can be; for those who hold one nothing changes.
 *
 * @throws `CHAIN_REVERT` with `ContentKeys_SupplyRaised` or `ContentKeys_SupplyBelowSold`.
 */
export async function updateEdition(client: WriteClient, options: updateEdition.Options): Promise<WriteResult> {
  const call = {
    address: options.contracts.keys,
    abi: contentKeysAbi,
    functionName: 'updateEdition',
    args: [options.editionId, options.price, options.maxSupply],
  } as const
  return send(client, call, options)
}

export declare namespace updateEdition {
  type Options = WriteOptions & {
    readonly editionId: bigint
    /** Of one key from now on, in base units of the edition's token. */
    readonly price: bigint
    /** No higher than it is, and no lower than what is sold, which ends the sale; zero only where there was no limit. */
    readonly maxSupply: bigint
  }
}
