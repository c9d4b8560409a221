import { contentKeysAbi, readEdition, readKey, toChainError } from '@sluice/sdk/chain'
import type { Edition, SluiceContracts } from '@sluice/sdk/chain'
import type { Address, Client } from 'viem'
import { getAbiItem } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'

/** Public endpoints commonly refuse wider ranges. */
const BLOCK_RANGE = 2_000n
const MAX_RANGES = 100
const MAX_EDITIONS = 200

const transferSingle = getAbiItem({ abi: contentKeysAbi, name: 'TransferSingle' })
const keyBought = getAbiItem({ abi: contentKeysAbi, name: 'KeyBought' })

/** A key that a wallet holds. */
export type HeldKey = {
  readonly edition: Edition
  /** Keys of a perpetual edition. */
  readonly balance: bigint
  /** Unix seconds until which a timed key runs; zero for perpetual ones. */
  readonly expiresAt: bigint
}

/**
 * Finds the keys that a wallet holds: editions that ever came to it, by the contract's events, and of these the ones that
 * it still has. An index answers this better where one is at hand.
 */
export async function findKeys(
  client: Client,
  { contracts, holder, signal }: { contracts: SluiceContracts; holder: Address; signal: AbortSignal },
): Promise<HeldKey[]> {
  const editionIds = await receivedEditions(client, contracts, holder, signal)
  const keys = await Promise.all(
    editionIds.map(async (editionId) => {
      const [edition, key] = await Promise.all([
        readEdition(client, { contracts, editionId }),
        readKey(client, { contracts, editionId, holder }),
      ])
      return { edition, ...key }
    }),
  )
  return keys.filter(({ balance, expiresAt }) => balance > 0n || expiresAt > 0n)
}

/** Newest first, without repetition. */
async function receivedEditions(
  client: Client,
  contracts: SluiceContracts,
  holder: Address,
  signal: AbortSignal,
): Promise<bigint[]> {
  const found = new Set<bigint>()
  try {
    let toBlock = await getBlockNumber(client, { cacheTime: 0 })
    for (let range = 0; range < MAX_RANGES && toBlock >= 0n && found.size < MAX_EDITIONS; range += 1) {
      signal.throwIfAborted()
      const fromBlock = toBlock >= BLOCK_RANGE ? toBlock - BLOCK_RANGE + 1n : 0n
      const within = { address: contracts.keys, fromBlock, toBlock, strict: true } as const
      const [transfers, purchases] = await Promise.all([
        getLogs(client, { ...within, event: transferSingle, args: { to: holder } }),
        getLogs(client, { ...within, event: keyBought, args: { recipient: holder } }),
      ])
      for (const { args } of transfers.toReversed()) found.add(args.id)
      for (const { args } of purchases.toReversed()) found.add(args.editionId)
      toBlock = fromBlock - 1n
    }
  } catch (error) {
    throw toChainError(error, 'Looking for keys')
  }
  return [...found].slice(0, MAX_EDITIONS)
}
