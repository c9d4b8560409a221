import type { CID } from 'multiformats/cid'
import type { Address, Hex } from 'viem'
import { readContent } from '../chain/index.ts'
import { cidOfBlockHash, DAG_CBOR, DAG_PB, decodeManifest, leafBytesOf, openRootSize } from '../content/index.ts'
import type { Access, Manifest } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import type { SliceRange } from '../wire/index.ts'
import type { ContentReference } from './content-reference.ts'
import type { Reader } from './context.ts'

/** A content whose bytes can be found and verified. */
export type ResolvedContent = {
  readonly root: CID
  readonly access: Access
  readonly sliceCount: number
  /** Bytes of all leaves. */
  readonly leafBytes: number
  /** Plaintext bytes. */
  readonly byteSize: number
  /** Unknown for a bare root of open content. */
  readonly manifest?: Manifest
  readonly manifestCid?: CID
  /** The record on chain, when it was named by content id. */
  readonly record?: { readonly contentId: Hex; readonly version: number; readonly creator: Address }
}

/** What anyone may have of a content: the preview of sealed content, all of open content. */
export function publicSlicesOf({
  access,
  sliceCount,
  manifest,
}: Pick<ResolvedContent, 'access' | 'sliceCount' | 'manifest'>): readonly SliceRange[] {
  if (access === 'open') return [{ first: 0, last: sliceCount - 1 }]
  const preview = manifest?.preview
  return preview === undefined ? [] : [{ first: preview.firstSlice, last: preview.lastSlice }]
}

export declare namespace resolveContent {
  type Options = {
    /** From 1; the latest when left out. Only for content ids. */
    readonly version?: number
    readonly signal: AbortSignal
  }
}

/**
 * Finds out what a reference names. By content id the meta-hash comes from the chain, so the manifest cannot be another;
 * a manifest's CID commits to itself; the root of open content tells its size by itself.
 * @throws CONTENT_UNKNOWN, NO_PROVIDERS, MANIFEST_INVALID
 */
export async function resolveContent(
  reader: Reader,
  reference: ContentReference,
  options: resolveContent.Options,
): Promise<ResolvedContent> {
  if (reference.kind === 'content') return resolveRecord(reader, reference.contentId, options)
  const { cid } = reference
  if (cid.code === DAG_CBOR) return fromManifest(cid, await fetchManifest(reader, cid, options.signal))
  return resolveOpenRoot(reader, cid, options.signal)
}

async function resolveRecord(
  reader: Reader,
  contentId: Hex,
  { version, signal }: resolveContent.Options,
): Promise<ResolvedContent> {
  const stored = await readContent(reader.chain, { contracts: reader.contracts, contentId, version })
  const cid = cidOfBlockHash(stored.version.metaHash)
  const manifest = await fetchManifest(reader, cid, signal)
  if (manifest.sliceCount !== stored.version.sliceCount) {
    throw new SluiceError('MANIFEST_INVALID', 'The manifest has another number of slices than the chain.')
  }
  const record = { contentId, version: stored.number, creator: stored.content.creator }
  return { ...fromManifest(cid, manifest), record }
}

async function fetchManifest({ network }: Reader, cid: CID, signal: AbortSignal): Promise<Manifest> {
  return decodeManifest(await network.fetchBlock(cid, { signal }))
}

function fromManifest(manifestCid: CID, manifest: Manifest): ResolvedContent {
  const { root, access, sliceCount, byteSize } = manifest
  return { root, access, sliceCount, byteSize, leafBytes: leafBytesOf(byteSize, access), manifest, manifestCid }
}

async function resolveOpenRoot({ network }: Reader, root: CID, signal: AbortSignal): Promise<ResolvedContent> {
  const block = await network.fetchBlock(root, { signal })
  const { byteSize, sliceCount } =
    root.code === DAG_PB ? openRootSize(block) : { byteSize: block.length, sliceCount: 1 }
  return { root, access: 'open', sliceCount, byteSize, leafBytes: byteSize }
}
