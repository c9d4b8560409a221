import type { Hex } from 'viem'
import { digestHexOf, encodeManifest, leafContent, manifestCid, sliceCountOf } from '../content/index.ts'
import { putPicture } from './put-picture.ts'
import type { ContentAttributes, PublicationProgress } from './prepare-publication.ts'
import type { UploadSink } from './upload-sink.ts'

export declare namespace publishOpen {
  type Options = {
    readonly source: AsyncIterable<Uint8Array>
    readonly byteSize: number
    readonly attributes: ContentAttributes
    readonly sink: UploadSink
    readonly signal: AbortSignal
    readonly onProgress?: (progress: PublicationProgress) => void
  }
  type Result = {
    /** Root CID as text: what one shares, the same for the same bytes whoever publishes them. */
    readonly root: string
    readonly metaHash: Hex
    readonly sliceCount: number
    readonly byteSize: number
  }
}

/** Publishes a file for everyone: no key, no price, no chain. When it fails, nothing of it stays on the node. */
export async function publishOpen(options: publishOpen.Options): Promise<publishOpen.Result> {
  const { source, byteSize, sink, signal, onProgress } = options
  await sink.begin({ kind: 'open', sliceCount: sliceCountOf(byteSize, 'open') }, signal)
  try {
    const { leafBytes: _, ...content } = await leafContent({
      source,
      byteSize,
      signal,
      onSlice: (index, leaf, _cid, stop) => sink.putSlice(index, leaf, stop),
      onBlock: () => Promise.resolve(),
      onProgress: ({ slices, sliceCount }) => onProgress?.({ phase: 'uploading', done: slices, total: sliceCount }),
    })
    const { thumbnail: picture, ...attributes } = options.attributes
    const thumbnail = picture === undefined ? {} : { thumbnail: await putPicture(sink, picture, signal) }
    const manifest = encodeManifest({ ...attributes, ...thumbnail, ...content, access: 'open' })
    const cid = await manifestCid(manifest)
    await sink.putBlock(cid, manifest, signal)
    await sink.commit(cid, signal)
    const { root, sliceCount } = content
    return { root: root.toString(), metaHash: digestHexOf(cid), sliceCount, byteSize }
  } catch (error) {
    await sink.discard()
    throw error
  }
}
