import type { Hex } from 'viem'
import type { Edition } from '../chain/index.ts'
import { cidOfBlockHash, createSliceKeys, rootDigestOf } from '../content/index.ts'
import type { SliceKeys } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import { collectShares, openLockbox, verifyLockbox } from '../key/index.ts'
import type { KeeperFailure, VerifiedLockbox } from '../key/index.ts'
import { sessionDomain } from './context.ts'
import type { Consumer, Reader } from './context.ts'
import { lastSliceOf } from './deal-edition.ts'
import { findEdition } from './find-edition.ts'
import type { ResolvedContent } from './resolve-content.ts'

/** The keys of an edition's slices, and what its creator vouched for. */
export type UnlockedContent = {
  readonly editionId: bigint
  readonly keys: SliceKeys
  /** sha2-256 over the slices' plaintext sha2-256; for editions of the whole content. Secret, like the plaintext. */
  readonly plaintextDigest?: Uint8Array
}

export declare namespace unlockContent {
  type Options = {
    readonly signal: AbortSignal
    /** Told of every keeper that gave no usable share. */
    readonly onKeeperFailure?: (failure: KeeperFailure) => void
  }
}

/**
 * Asks keepers for the keys of a sealed content in the consumer's name. Which edition, its lockbox and the holder are the
 * chain's word; the lockbox is proven before a keeper is asked.
 * @throws NOT_ENTITLED, LOCKBOX_INVALID, NOT_ENOUGH_SHARES, FRAUD_PROVEN, NO_PROVIDERS
 */
export async function unlockContent(
  reader: Reader,
  consumer: Consumer,
  content: ResolvedContent,
  { signal, onKeeperFailure }: unlockContent.Options,
): Promise<UnlockedContent> {
  const { record, sliceCount } = content
  if (record === undefined) {
    throw new SluiceError('BAD_INPUT', 'Sealed content is opened by its content id.', {
      hint: 'Ask for it by the 32-byte id that it was published under.',
    })
  }
  const edition = await findEdition(reader, consumer, record)
  const lockbox = await fetchLockbox(reader, edition, { ...content, record }, signal)
  const shares = await collectShares({
    lockbox,
    wallet: consumer.wallet,
    session: consumer.session,
    domain: sessionDomain(reader),
    requestShare: reader.network.requestShare,
    signal,
    ...(onKeeperFailure === undefined ? {} : { onFailure: onKeeperFailure }),
  })
  const { firstSlice } = edition.terms
  const range = { sliceCount, firstSlice, lastSlice: lastSliceOf(edition.terms, sliceCount) }
  const { cover, plaintextDigest } = await openLockbox(lockbox, shares, range)
  const keys = createSliceKeys(cover)
  return { editionId: edition.editionId, keys, ...(plaintextDigest === undefined ? {} : { plaintextDigest }) }
}

/**
 * Fetches an edition's lockbox and proves it: its hash is the chain's, and every keeper can do its part. Done before
 * buying, so that nobody pays for a key that cannot open.
 * @throws NO_PROVIDERS, LOCKBOX_INVALID
 */
export async function fetchLockbox(
  { network, chainId, contracts }: Reader,
  { editionId, epoch, lockboxHash }: Edition,
  { root, record }: Pick<ResolvedContent, 'root'> & { record: { contentId: Hex; version: number } },
  signal: AbortSignal,
): Promise<VerifiedLockbox> {
  const encoded = await network.fetchBlock(cidOfBlockHash(lockboxHash), { signal })
  const { contentId, version } = record
  const rootDigest = rootDigestOf(root)
  const context = { chainId, contentKeys: contracts.keys, contentId, version, editionId, epoch, rootDigest }
  return verifyLockbox(encoded, { context, lockboxHash })
}
