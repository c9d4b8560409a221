import type { ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { decodeManifest } from '@sluice/sdk/content'
import type { SliceRange } from '@sluice/sdk/wire'
import { zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import type { Store, StoredContent } from '../store/index.ts'
import type { ChainEvent } from './chain-events.ts'
import { createEntitlementReader } from './entitlement-reader.ts'
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

const NOTHING: readonly SliceRange[] = []

export function createEntitlements({ client, contracts, watcher, store }: EntitlementsOptions): Entitlements {
  const cache = createTimedCache<readonly SliceRange[]>({ maxAgeMs: 60_000, maxSize: 10_000 })
  const reader = createEntitlementReader(client, contracts)
  const listeners = new Set<(change: EntitlementChange) => void>()
  const tell = (change: EntitlementChange): void => listeners.forEach((listener) => listener(change))

  watcher.onReorg(() => {
    cache.clear()
    reader.forget()
    tell({})
  })
  watcher.onEvents((events) => {
    for (const change of events.flatMap(changesOf)) {
      const { wallet, contentId } = change
      cache.deleteWhere((key) => keyMatches(key, wallet?.toLowerCase(), contentId))
      tell(change)
    }
  })

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
      const { ranges, until } = await reader.entitlement(contentId, version, content.sliceCount, wallet)
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
      const creator = await reader.creator(contentId)
      return creator === zeroAddress ? undefined : creator
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
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
