import { SluiceError } from '@sluice/sdk'
import { decodeManifest, leafBytesOf } from '@sluice/sdk/content'
import type { Manifest } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import type { BlockStore, NewContent } from './types.ts'

/** What the store files a content by, as its manifest says. */
export type StoredManifest = Required<Omit<NewContent, 'contentId' | 'version' | 'pinned' | 'offered'>>

/** A manifest's facts for the store. */
export function describeManifest(manifest: Manifest, cid: CID): StoredManifest {
  return {
    root: manifest.root.toString(),
    chainKind: manifest.access,
    manifestCid: cid.toString(),
    title: manifest.title,
    mime: manifest.mime,
    sliceCount: manifest.sliceCount,
    byteLength: leafBytesOf(manifest.byteSize, manifest.access),
  }
}

/** Reads a manifest that is stored here. Throws MANIFEST_INVALID where it is not here or not a manifest. */
export async function readManifest(blocks: BlockStore, cid: CID): Promise<StoredManifest> {
  const bytes = await blocks.get(cid.toString())
  if (bytes === undefined) {
    throw new SluiceError('MANIFEST_INVALID', `The manifest ${cid} is not here.`, { hint: 'Put its block first.' })
  }
  return describeManifest(decodeManifest(bytes), cid)
}
