import { maskBits } from '@sluice/sdk/exchange'
import { WIRE_LIMITS } from '@sluice/sdk/wire'
import type { ByteBudget } from './byte-budget.ts'
import type { SliceComponents } from './types.ts'

/** What anyone may have of a content here. */
export type PublicContent = {
  readonly root: string
  /** Bytes of all leaves, one after the other. */
  readonly byteLength: number
  readonly sliceCount: number
  /** Whether all of it is public, and not a preview alone. */
  readonly open: boolean
  /** The public slices that are here, in the wire's order of bits; empty where there is nothing public. */
  readonly has: Uint8Array
}

/**
 * Public slices for transports without a Hello. They come out of the same budget per address prefix as those that an
 * anonymous Hello gets: whoever asks both ways gets no more.
 */
export type PublicReader = {
  /** Undefined for a content that is not here. */
  find(root: string): Promise<PublicContent | undefined>
  /** Takes `slices` out of a prefix's budget; false when there is not that much left. */
  reserve(addressPrefix: string, slices: number): boolean
  /** Gives back what was reserved and not served. */
  release(addressPrefix: string, slices: number): void
  /** A slice that {@link PublicContent.has} names; undefined when it has gone meanwhile. */
  read(content: PublicContent, index: number): Promise<Uint8Array | undefined>
}

export function createPublicReader(
  { store, entitlements, metrics }: Pick<SliceComponents, 'store' | 'entitlements' | 'metrics'>,
  budget: ByteBudget,
): PublicReader {
  return {
    async find(root) {
      const [content, has] = [store.get(root), store.has(root)]
      if (content === undefined || has === undefined) return undefined
      const { byteLength, sliceCount, chainKind } = content
      const open = chainKind === 'open'
      const ranges = open ? [{ first: 0, last: sliceCount - 1 }] : await entitlements.publicSlices(root)
      return { root, byteLength, sliceCount, open, has: maskBits(has, ranges, sliceCount) }
    },
    reserve: (addressPrefix, slices) => budget.take(addressPrefix, slices * WIRE_LIMITS.sliceBytes),
    release: (addressPrefix, slices) => budget.give(addressPrefix, slices * WIRE_LIMITS.sliceBytes),
    async read({ root }, index) {
      const slice = await store.readSlice(root, index)
      if (slice !== undefined) metrics?.sliceServed(slice.length, 'public')
      return slice
    },
  }
}
