import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import { SluiceError } from '../errors.ts'
import { sliceCountOf } from './slice-count.ts'

/**
 * Reads the size of open content off its root node. Only a claim: the DAG reader then compares every node with the one
 * that this size implies.
 * @throws MANIFEST_INVALID when the block is not the root of a file.
 */
export function openRootSize(block: Uint8Array): { byteSize: number; sliceCount: number } {
  const byteSize = fileSize(block)
  if (byteSize === undefined) throw new SluiceError('MANIFEST_INVALID', 'The block is not the root of a file.')
  return { byteSize, sliceCount: sliceCountOf(byteSize, 'open') }
}

function fileSize(block: Uint8Array): number | undefined {
  try {
    const { Data } = dagPb.decode(block)
    const file = Data === undefined ? undefined : UnixFS.unmarshal(Data)
    return file?.type === 'file' ? Number(file.fileSize()) : undefined
  } catch {
    return undefined
  }
}
