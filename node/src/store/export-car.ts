import { CarWriter } from '@ipld/car/writer'
import { SluiceError } from '@sluice/sdk'
import { decodeManifest, matchesCid, parseCid } from '@sluice/sdk/content'
import type { CarBlock } from './read-car.ts'
import { readDag } from './scrub.ts'
import type { Store, StoredContent } from './types.ts'

type Source = Pick<Store, 'get' | 'readSlice' | 'blocks'>

/**
 * A content as a CARv1 of two roots, the manifest's CID and the DAG's: first the manifest, then the DAG depth first, then
 * the thumbnail. Every slice is compared with its CID on the way; one block at a time is held.
 * @throws CONTENT_UNKNOWN, SLICE_MISSING, at once; SLICE_CORRUPT, from the bytes.
 */
export function exportCar(store: Source, root: string): AsyncGenerator<Uint8Array, void, undefined> {
  const content = store.get(root)
  if (content === undefined) throw new SluiceError('CONTENT_UNKNOWN', `Content ${root} is not here.`)
  const missing = content.sliceCount - content.have
  if (missing > 0) {
    throw new SluiceError('SLICE_MISSING', `${missing} of ${content.sliceCount} slices are not here.`, {
      hint: 'sluice get CONTENT, or sluice seed CONTENT, fetches them.',
    })
  }
  return encode(store, content)
}

type BlockWriter = ReturnType<typeof CarWriter.create>['writer']

async function* encode(store: Source, content: StoredContent): AsyncGenerator<Uint8Array, void, undefined> {
  const { root, manifestCid } = content
  const roots = [...new Set([manifestCid, root])].map(parseCid)
  const { writer, out } = CarWriter.create(roots)
  const written = write(writer, blocksOf(store, content))
  // Read below, once everything before the failure has gone out.
  written.catch(() => undefined)
  yield* out
  await written
}

async function write(writer: BlockWriter, blocks: AsyncIterable<CarBlock>): Promise<void> {
  try {
    for await (const block of blocks) await writer.put(block)
  } finally {
    await writer.close()
  }
}

async function* blocksOf(store: Source, content: StoredContent): AsyncGenerator<CarBlock> {
  const { root, manifestCid } = content
  const block = async (text: string): Promise<CarBlock> => {
    const bytes = await store.blocks.get(text)
    if (bytes !== undefined) return { cid: parseCid(text), bytes }
    throw new SluiceError('STORE_CORRUPT', `Block ${text} of the content is not here.`)
  }
  const manifest = manifestCid === root ? undefined : await block(manifestCid)
  if (manifest !== undefined) yield manifest
  for await (const { cid, index } of readDag(content, store.blocks).walk()) {
    if (index === undefined) yield await block(cid.toString())
    else yield { cid, bytes: await soundSlice(store, root, index, (bytes) => matchesCid(cid, bytes)) }
  }
  const thumbnail = manifest === undefined ? undefined : decodeManifest(manifest.bytes).thumbnail
  const picture = thumbnail === undefined ? undefined : await store.blocks.get(thumbnail.toString())
  if (thumbnail !== undefined && picture !== undefined) yield { cid: thumbnail, bytes: picture }
}

async function soundSlice(
  store: Source,
  root: string,
  index: number,
  matches: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  const bytes = await store.readSlice(root, index)
  if (bytes !== undefined && (await matches(bytes))) return bytes
  throw new SluiceError('SLICE_CORRUPT', `Slice ${index} of ${root} is damaged.`, {
    hint: 'sluice scrub CONTENT fetches it again.',
  })
}
