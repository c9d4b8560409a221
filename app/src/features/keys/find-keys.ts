import { contentKeysAbi, toChainError } from '@sluice/sdk/chain'
import type { SluiceContracts } from '@sluice/sdk/chain'
import type { IndexReader } from '@sluice/sdk/graph'
import type { Address, Client } from 'viem'
import { getAbiItem } from 'viem'
import { getBlockNumber, getLogs } from 'viem/actions'
import { isIndexFault } from '../../web3/index-fault.ts'

/** Public endpoints commonly refuse wider ranges. */
const BLOCK_RANGE = 2_000n
const MAX_RANGES = 100
const MAX_EDITIONS = 200
/** Rows that an index is asked for at once. */
const PAGE = 100

const transferSingle = getAbiItem({ abi: contentKeysAbi, name: 'TransferSingle' })
const keyBought = getAbiItem({ abi: contentKeysAbi, name: 'KeyBought' })

type Wanted = { readonly contracts: SluiceContracts; readonly holder: Address; readonly signal: AbortSignal }

/**
 * Editions that a wallet may hold a key of, the latest 200: by the index, or where there is none, or it fails, by the
 * events of everything that ever came to the wallet.
 */
export async function findEditions(
  client: Client,
  index: Pick<IndexReader, 'keyHoldings'> | undefined,
  wanted: Wanted,
): Promise<bigint[]> {
  if (index === undefined) return receivedEditions(client, wanted)
  try {
    return await indexedEditions(index, wanted)
  } catch (error) {
    if (isIndexFault(error)) return receivedEditions(client, wanted)
    throw error
  }
}

async function indexedEditions(
  index: Pick<IndexReader, 'keyHoldings'>,
  { holder, signal }: Pick<Wanted, 'holder' | 'signal'>,
): Promise<bigint[]> {
  const found = new Set<bigint>()
  let cursor: string | undefined
  for (let asked = 0; asked < MAX_EDITIONS / PAGE; asked += 1) {
    const page = await index.keyHoldings({ holder, cursor, first: PAGE, signal })
    for (const { editionId } of page.rows) found.add(editionId)
    cursor = page.cursor
    if (cursor === undefined) break
  }
  return [...found]
}

/** Newest first, without repetition. */
async function receivedEditions(client: Client, { contracts, holder, signal }: Wanted): Promise<bigint[]> {
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
