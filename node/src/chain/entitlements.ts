import { metaHashRegistryAbi, contentKeysAbi, readEdition, readKey, toChainError } from '@sluice/sdk/chain'
import type { Edition, ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { decodeManifest } from '@sluice/sdk/content'
import type { SliceRange } from '@sluice/sdk/wire'
import { zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import type { Store, StoredContent } from '../store/index.ts'
import type { ChainEvent } from './chain-events.ts'
import { createTimedCache } from './timed-cache.ts'
import type { ChainWatcher } from './watcher.ts'

/** Whose entitlement may have changed; both left out when anybody's may. */
export type EntitlementChange = { readonly wallet?: Address; readonly contentId?: Hex }

export type Entitlements = {
  /**
   * Slices of a stored content that a wallet may have now; everything for its creator and of open content, nothing where
   * the chain knows of no claim. `fresh` asks the chain: one round trip, two where an edition is new.
   */
  check(root: string, wallet: Address, options?: { readonly fresh?: boolean }): Promise<readonly SliceRange[]>
  /** The public preview of sealed content, as its manifest says; nothing where the manifest is not here. */
  publicSlices(root: string): Promise<readonly SliceRange[]>
  /** Whose content this is; `undefined` for content that is not here or was not published. */
  creatorOf(root: string): Promise<Address | undefined>
  onChange(listener: (change: EntitlementChange) => void): () => void
}

export type EntitlementsOptions = {
  readonly client: ReadClient
  readonly contracts: SluiceContracts
  readonly watcher: ChainWatcher
  readonly store: Pick<Store, 'get' | 'blocks'>
}

type Answer = { readonly ranges: readonly SliceRange[]; readonly until: number }

const NOTHING: readonly SliceRange[] = []

export function createEntitlements({ client, contracts, watcher, store }: EntitlementsOptions): Entitlements {
  const cache = createTimedCache<readonly SliceRange[]>({ maxAgeMs: 60_000, maxSize: 10_000 })
  /** Terms never change, so an edition is read once. */
  const editions = createTimedCache<Edition>({ maxAgeMs: 86_400_000, maxSize: 10_000 })
  const listeners = new Set<(change: EntitlementChange) => void>()
  const tell = (change: EntitlementChange): void => listeners.forEach((listener) => listener(change))

  watcher.onReorg(() => {
    cache.clear()
    editions.clear()
    tell({})
  })
  watcher.onEvents((events) => {
    for (const change of events.flatMap(changesOf)) {
      const { wallet, contentId } = change
      cache.deleteWhere((key) => keyMatches(key, wallet?.toLowerCase(), contentId))
      tell(change)
    }
  })

  async function editionOf(editionId: bigint): Promise<Edition> {
    const known = editions.get(String(editionId))
    if (known !== undefined) return known
    const edition = await readEdition(client, { contracts, editionId })
    editions.set(String(editionId), edition)
    return edition
  }

  async function readChain(contentId: Hex, version: number, sliceCount: number, wallet: Address): Promise<Answer> {
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
    async check(root, wallet, { fresh = false } = {}) {
      const content = store.get(root)
      if (content === undefined) return NOTHING
      if (content.chainKind === 'open') return [{ first: 0, last: content.sliceCount - 1 }]
      const { contentId, version } = content
      if (contentId === undefined || version === undefined) return NOTHING
      const key = keyOf(content, contentId, wallet)
      const cached = fresh || !watcher.healthy() ? undefined : cache.get(key)
      if (cached !== undefined) return cached
      const { ranges, until } = await readChain(contentId, version, content.sliceCount, wallet)
      cache.set(key, ranges, until)
      return ranges
    },
    async publicSlices(root) {
      const content = store.get(root)
      const manifest = content === undefined ? undefined : await store.blocks.get(content.manifestCid)
      const preview = manifest === undefined ? undefined : decodeManifest(manifest).preview
      return preview === undefined ? NOTHING : [{ first: preview.firstSlice, last: preview.lastSlice }]
    },
    async creatorOf(root) {
      const contentId = store.get(root)?.contentId
      if (contentId === undefined) return undefined
      const [creator] = await readCreatorAndEditions(client, contracts, contentId)
      return creator === zeroAddress ? undefined : creator
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
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

function changesOf(event: ChainEvent): EntitlementChange[] {
  switch (event.eventName) {
    case 'TransferSingle':
    case 'TransferBatch':
      return [{ wallet: event.args.from }, { wallet: event.args.to }]
    case 'KeyExtended':
      return [{ wallet: event.args.holder }]
    case 'CreatorTransferred':
      return [{ wallet: event.args.from, contentId: event.args.contentId }, { wallet: event.args.to }]
    default:
      return []
  }
}

function keyOf({ root }: StoredContent, contentId: Hex, wallet: Address): string {
  return `${wallet.toLowerCase()}:${contentId}:${root}`
}

function keyMatches(key: string, wallet: string | undefined, contentId: Hex | undefined): boolean {
  const [keyWallet, keyContent] = key.split(':')
  return (wallet === undefined || wallet === keyWallet) && (contentId === undefined || contentId === keyContent)
}
