import { setImmediate } from 'node:timers/promises'
import { SluiceError, isSluiceError } from '@sluice/sdk'
import { createDagReader, discard, matchesCid, parseCid } from '@sluice/sdk/content'
import type { DagReader } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import { hasBit } from './bitfield.ts'
import { STRIDE } from './slice-file.ts'
import type { SliceFile } from './slice-file.ts'
import type { BlockStore, StoredContent, VerifyOptions, VerifyResult } from './types.ts'

/** Slices read and hashed at once. */
const WINDOW = 4

type Shape = Pick<StoredContent, 'root' | 'sliceCount' | 'byteLength'>

/** What a stored content's slices must be, from the nodes of its DAG that are here; the others are fetched if that is given. */
export function readDag(
  { root, sliceCount, byteLength }: Shape,
  blocks: BlockStore,
  fetchMissing?: VerifyOptions['fetchBlock'],
): DagReader {
  const fetchBlock = async (cid: CID): Promise<Uint8Array> => {
    const block = (await blocks.get(cid.toString())) ?? (await fetchMissing?.(cid))
    if (block === undefined) throw new SluiceError('STORE_CORRUPT', `Block ${cid} of the content's DAG is not here.`)
    return block
  }
  return createDagReader({ root: parseCid(root), sliceCount, byteLength, fetchBlock })
}

/** Reads every slice that is said to be here, compares it with its CID, and forgets those that differ. */
export async function verifySlices(
  content: Shape,
  file: SliceFile,
  blocks: BlockStore,
  { signal, onChecked, fetchBlock }: VerifyOptions,
): Promise<VerifyResult> {
  const dag = readDag(content, blocks, fetchBlock)
  const present = indexes(content.sliceCount, (index) => hasBit(file.bits, index))
  const corrupt: number[] = []
  for (let start = 0; start < present.length; start += WINDOW) {
    await onChecked?.(start)
    // Reads and hashes that are done in place leave the process no turn to serve anybody.
    await setImmediate()
    signal?.throwIfAborted()
    const window = present.slice(start, start + WINDOW)
    const sound = await Promise.all(window.map(async (index) => isSound(file, index, await dag.leafCid(index))))
    corrupt.push(...window.filter((_, at) => sound[at] === false))
  }
  if (corrupt.length > 0) await file.forget(corrupt)
  await onChecked?.(present.length)
  return { checked: present.length, corrupt }
}

/** Whether a slice on disk is what its CID says. */
export async function isSound(file: SliceFile, index: number, cid: CID): Promise<boolean> {
  try {
    const bytes = await file.read(index)
    if (bytes === undefined) return false
    const matches = await matchesCid(cid, bytes)
    discard(bytes)
    return matches
  } catch (error) {
    if (isSluiceError(error, 'STORE_CORRUPT')) return false
    throw error
  }
}

/**
 * Looks for slices that are whole on disk although they are not said to be here: a process that was killed had written
 * them, and not their bits. What reads as zeros was never written. Stops early where the content is `removed`.
 */
export async function findUnclaimed(
  { sliceCount }: Shape,
  file: SliceFile,
  dag: DagReader,
  { signal, removed }: { readonly signal?: AbortSignal; readonly removed: () => boolean },
): Promise<number[]> {
  const absent = indexes(sliceCount, (index) => !hasBit(file.bits, index))
  const found: number[] = []
  const zeros = new Uint8Array(STRIDE)
  for (const index of absent) {
    // Reads and hashes that are done in place leave the process no turn to serve anybody.
    if (index % WINDOW === 0) await setImmediate()
    signal?.throwIfAborted()
    if (removed()) return []
    const bytes = await file.peek(index)
    // Nothing that lies behind it is on disk either.
    if (bytes === undefined) break
    const hole = Buffer.compare(bytes, zeros.subarray(0, bytes.length)) === 0
    if (!hole && (await isLeaf(dag, index, bytes))) found.push(index)
    discard(bytes)
  }
  return found
}

async function isLeaf(dag: DagReader, index: number, bytes: Uint8Array): Promise<boolean> {
  // A slice was verified before it was written: where its node of the DAG is not here, neither is the slice.
  const cid = await dag.leafCid(index).catch(() => undefined)
  return cid !== undefined && matchesCid(cid, bytes)
}

function indexes(count: number, matches: (index: number) => boolean): number[] {
  const found: number[] = []
  for (let index = 0; index < count; index += 1) if (matches(index)) found.push(index)
  return found
}
