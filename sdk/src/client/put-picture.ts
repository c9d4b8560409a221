import type { CID } from 'multiformats/cid'
import { cidOf, RAW } from '../content/index.ts'
import type { UploadSink } from './upload-sink.ts'

/** Hands a thumbnail to the node as a block of its own. */
export async function putPicture(sink: UploadSink, picture: Uint8Array, signal: AbortSignal): Promise<CID> {
  const cid = await cidOf(RAW, picture)
  await sink.putBlock(cid, picture, signal)
  return cid
}
