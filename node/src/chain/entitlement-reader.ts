import { metaHashRegistryAbi, contentKeysAbi, readEdition, readKey, toChainError } from '@sluice/sdk/chain'
import type { Edition, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import type { SliceRange } from '@sluice/sdk/wire'
import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import { createTimedCache } from './timed-cache.ts'

/** What a wallet may have; `until` is when the first of it ends, in milliseconds. */
type Answer = { readonly ranges: readonly SliceRange[]; readonly until: number }

/** Asks the chain who may have what; remembers nothing but editions: what a key of one opens never changes. */
export function createEntitlementReader(client: ReadClient, contracts: SluiceContracts) {
  const editions = createTimedCache<Edition>({ maxAgeMs: 86_400_000, maxSize: 10_000 })

  async function editionOf(editionId: bigint): Promise<Edition> {
    const known = editions.get(String(editionId))
    if (known !== undefined) return known
    const edition = await readEdition(client, { contracts, editionId })
    editions.set(String(editionId), edition)
    return edition
  }

  async function entitlement(contentId: Hex, version: number, sliceCount: number, wallet: Address): Promise<Answer> {
    const [creator, ids] = await readCreatorAndEditions(client, contracts, contentId)
    if (creator.toLowerCase() === wallet.toLowerCase()) {
      return { ranges: [{ first: 0, last: sliceCount - 1 }], until: Infinity }
    }
    const grants = await Promise.all(
      ids.map(async (editionId) => {
        const [edition, key] = await Promise.all([
          editionOf(editionId),
          readKey(client, { contracts, editionId, holder: wallet }),
        ])
        return grantOf(edition, key, version, sliceCount)
      }),
    )
    const held = grants.filter((grant) => grant !== undefined)
    return { ranges: held.map(({ range }) => range), until: Math.min(Infinity, ...held.map(({ until }) => until)) }
  }

  return {
    entitlement,
    /** The zero address for a content that was never published. */
    creator: async (contentId: Hex): Promise<Address> =>
      (await readCreatorAndEditions(client, contracts, contentId))[0],
    forget: () => editions.clear(),
  }
}

async function readCreatorAndEditions(
  client: ReadClient,
  contracts: SluiceContracts,
  contentId: Hex,
): Promise<[Address, readonly bigint[]]> {
  const args = [contentId] as const
  try {
    return await Promise.all([
      readContract(client, { address: contracts.registry, abi: metaHashRegistryAbi, functionName: 'creatorOf', args }),
      readContract(client, { address: contracts.keys, abi: contentKeysAbi, functionName: 'editionsOf', args }),
    ])
  } catch (error) {
    throw toChainError(error, 'entitlement')
  }
}

/** What one edition gives a holder of one version; `until` is when a timed key ends, in milliseconds. */
function grantOf(
  { version: from, terms }: Edition,
  { balance, expiresAt }: readKey.Result,
  version: number,
  sliceCount: number,
): { range: SliceRange; until: number } | undefined {
  const covers = from === version || (terms.laterVersions && from < version)
  const until = terms.duration === 0 ? Infinity : Number(expiresAt) * 1000
  const holds = terms.duration === 0 ? balance > 0n : until > Date.now()
  if (!covers || !holds || terms.firstSlice >= sliceCount) return undefined
  return { range: { first: terms.firstSlice, last: Math.min(terms.lastSlice, sliceCount - 1) }, until }
}
