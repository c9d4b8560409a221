import type { Address } from 'viem'
import { isSluiceError } from '../errors.ts'
import { readEdition } from './read-edition.ts'
import { readKey } from './read-key.ts'
import type { Edition, ReadClient, ReadOptions } from './types.ts'

/** Of some editions the ones that a wallet has a key of, in their order; what is no edition is left out. */
export async function readHeldKeys(client: ReadClient, options: readHeldKeys.Options): Promise<readonly HeldKey[]> {
  const keys = await Promise.all(
    options.editionIds.map(async (editionId): Promise<HeldKey[]> => {
      try {
        const [edition, key] = await Promise.all([
          readEdition(client, { ...options, editionId }),
          readKey(client, { ...options, editionId }),
        ])
        return [{ edition, ...key }]
      } catch (error) {
        // An index can name what was never created.
        if (isSluiceError(error, 'CHAIN_REVERT')) return []
        throw error
      }
    }),
  )
  return keys.flat().filter(({ balance, expiresAt }) => balance > 0n || expiresAt > 0n)
}

export declare namespace readHeldKeys {
  type Options = ReadOptions & { readonly holder: Address; readonly editionIds: readonly bigint[] }
}

/** A key that a wallet holds. */
export type HeldKey = {
  readonly edition: Edition
  /** Keys of a perpetual edition. */
  readonly balance: bigint
  /** Unix seconds until which a timed key runs; zero for perpetual ones. */
  readonly expiresAt: bigint
}
