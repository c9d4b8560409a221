import { createDagReader } from '../content/index.ts'
import type { VerifySlice } from '../exchange/index.ts'
import type { HashSlice, Network } from './network.ts'
import type { ResolvedContent } from './resolve-content.ts'

/**
 * Compares slices with the leaves of the content's DAG, whose nodes are fetched as they are needed: a function for each
 * way of hashing them, in place without one.
 */
export function createVerifiers(
  { network }: { readonly network: Pick<Network, 'fetchBlock'> },
  { root, sliceCount, leafBytes }: Pick<ResolvedContent, 'root' | 'sliceCount' | 'leafBytes'>,
  signal: AbortSignal,
): (hash?: HashSlice) => VerifySlice {
  const dag = createDagReader({
    root,
    sliceCount,
    byteLength: leafBytes,
    fetchBlock: (cid) => network.fetchBlock(cid, { signal }),
  })
  return (hash) => (index, bytes) => {
    const hashing = hash?.(bytes)
    if (hashing === undefined) return dag.isLeaf(index, bytes)
    return hashing.then(async (hashed) => (await dag.isLeafDigest(index, hashed.digest)) && hashed.bytes)
  }
}
