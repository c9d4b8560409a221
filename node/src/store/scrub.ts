import { SluiceError, isSluiceError } from '@sluice/sdk'
import { createDagReader, matchesCid, parseCid } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { hasBit } from './bitfield.ts'
import type { SliceFile } from './slice-file.ts'
import type { BlockStore, StoredContent, VerifyResult } from './types.ts'

/** Slices read and hashed at once. */
const WINDOW = 4

/** Reads every slice that is said to be here, compares it with its CID, and forgets those that differ. */
export async function verifySlices(
  { root, sliceCount, byteLength }: Omit<StoredContent, 'have'>,
  file: SliceFile,
  blocks: BlockStore,
  signal?: AbortSignal,
): Promise<VerifyResult> {
  const fetchBlock = async (cid: CID): Promise<Uint8Array> => {
    const block = await blocks.get(cid.toString())
    if (block === undefined) throw new SluiceError('STORE_CORRUPT', `Block ${cid} of the content's DAG is not here.`)
    return block
  }
  const dag = createDagReader({ root: parseCid(root), sliceCount, byteLength, fetchBlock })
  const present = Array.from({ length: sliceCount }, (_, index) => index).filter((index) => hasBit(file.bits, index))
  const corrupt: number[] = []
  for (let start = 0; start < present.length; start += WINDOW) {
    signal?.throwIfAborted()
    const window = present.slice(start, start + WINDOW)
    const sound = await Promise.all(window.map(async (index) => isSound(file, index, await dag.leafCid(index))))
    corrupt.push(...window.filter((_, at) => sound[at] === false))
  }
  if (corrupt.length > 0) await file.forget(corrupt)
  return { checked: present.length, corrupt }
}

async function isSound(file: SliceFile, index: number, cid: CID): Promise<boolean> {
  try {
    const bytes = await file.read(index)
    return bytes !== undefined && (await matchesCid(cid, bytes))
  } catch (error) {
    if (isSluiceError(error, 'STORE_CORRUPT')) return false
    throw error
  }
}
