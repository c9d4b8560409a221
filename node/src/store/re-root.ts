import { setImmediate } from 'node:timers/promises'
import { SluiceError } from '@sluice/sdk'
import { RAW, cidOf, createDagBuilder, discard } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'
import type { SliceFile } from './slice-file.ts'

/** Slices read and hashed at once; they enter the DAG in order. */
const WINDOW = 8

export type Leaf = { readonly digest: Uint8Array; readonly size: number }

/**
 * Computes the root from the bytes that came, whatever their sender said, and hands on the DAG's nodes.
 * @param leaves those that were hashed as they came; the others are read from disk
 */
export async function buildDag(
  { file, leaves }: { readonly file: SliceFile; readonly leaves: ReadonlyMap<number, Leaf> },
  sliceCount: number,
  onNode: (cid: CID, bytes: Uint8Array) => Promise<void>,
): Promise<CID> {
  const dag = createDagBuilder(onNode)
  for (let start = 0; start < sliceCount; start += WINDOW) {
    // Reads and hashes that are done in place leave the process no turn to serve anybody.
    await setImmediate()
    const window = Array.from({ length: Math.min(WINDOW, sliceCount - start) }, (_, at) => start + at)
    for (const leaf of await Promise.all(window.map(async (index) => leaves.get(index) ?? hashSlice(file, index)))) {
      await dag.addLeaf(leaf.digest, leaf.size)
    }
  }
  return dag.finish()
}

async function hashSlice(file: SliceFile, index: number): Promise<Leaf> {
  const bytes = await file.read(index)
  if (bytes === undefined) throw new SluiceError('SLICE_MISSING', `Slice ${index} is not here.`)
  const hashed = { digest: (await cidOf(RAW, bytes)).multihash.digest, size: bytes.length }
  discard(bytes)
  return hashed
}
