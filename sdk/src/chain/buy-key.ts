import type { Address } from 'viem'
import { contentKeysAbi } from './generated/content-keys.ts'
import { readEdition } from './read-edition.ts'
import { send } from './send.ts'
import { NATIVE_TOKEN } from './types.ts'
import type { Permit, WriteClient, WriteOptions, WriteResult } from './types.ts'

/**
 * Buys keys of an edition. The price is read from the chain and must not pass `maxPrice`; ERC-20 needs an allowance over the
 * cost first (see `approveToken`), or a permit over `quantity * maxPrice`. Refused where the edition's lockbox is no longer
 * the one of `epoch`: it was not verified, so the key might never open.
 *
 * @returns `cost`, what was paid in the edition's token.
 * @throws `PRICE_TOO_HIGH`, `INSUFFICIENT_FUNDS`, `CHAIN_REVERT` with the contract's error in `details`.
 */
export async function buyKey(client: WriteClient, options: buyKey.Options): Promise<buyKey.Result> {
  const { contracts, editionId, quantity = 1n, maxPrice, epoch, permit } = options
  const { terms } = await readEdition(client, { contracts, editionId })
  const cost = terms.price * quantity
  const recipient = options.recipient ?? client.account.address
  const args = [editionId, quantity, recipient, options.referrer ?? NATIVE_TOKEN, maxPrice, epoch] as const
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const

  const sent = permit
    ? await send(
        client,
        { ...keys, functionName: 'buyWithPermit', args: [...args, permit.deadline, permit.v, permit.r, permit.s] },
        options,
      )
    : await send(
        client,
        { ...keys, functionName: 'buy', args, value: terms.token === NATIVE_TOKEN ? cost : 0n },
        options,
      )
  return { ...sent, cost }
}

export declare namespace buyKey {
  type Options = WriteOptions & {
    readonly editionId: bigint
    /** Keys, or durations of a timed edition; 1 when left out. */
    readonly quantity?: bigint | undefined
    /** Who gets them; the client's account when left out. */
    readonly recipient?: Address | undefined
    /** Who is credited with the edition's referral share; nobody when left out. */
    readonly referrer?: Address | undefined
    /** Most that the buyer accepts per key, in the edition's token. */
    readonly maxPrice: bigint
    /** Of the lockbox that the buyer verified: `Edition.epoch`, as read with the hash it was checked against. */
    readonly epoch: number
    readonly permit?: Permit | undefined
  }
  type Result = WriteResult & { readonly cost: bigint }
}
