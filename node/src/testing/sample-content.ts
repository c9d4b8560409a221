import { randomBytes } from 'node:crypto'
import { encodeManifest, leafContent, manifestCid, sealContent } from '@sluice/sdk/content'
import type { Access } from '@sluice/sdk/content'
import type { CID } from 'multiformats/cid'

export type Sample = {
  readonly root: string
  readonly manifestCid: string
  readonly manifest: Uint8Array
  readonly slices: readonly Uint8Array[]
  readonly nodes: readonly { readonly cid: CID; readonly bytes: Uint8Array }[]
  readonly byteLength: number
}

/** Random content unless given, cut and hashed as a publisher would, sealed if wished. */
export async function sampleContent(
  byteSize: number,
  access: Access = 'open',
  plaintext: Uint8Array = randomBytes(byteSize),
): Promise<Sample> {
  const slices: Uint8Array[] = []
  const nodes: { cid: CID; bytes: Uint8Array }[] = []
  const cut = access === 'open' ? leafContent : sealContent
  const { root, sliceCount, proofRoot, infoHash } = await cut({
    byteSize,
    source: (async function* () {
      yield new Uint8Array(plaintext)
    })(),
    onSlice: (index, leaf) => Promise.resolve(void (slices[index] = leaf.slice())),
    onBlock: (cid, bytes) => Promise.resolve(void nodes.push({ cid, bytes })),
  })
  const manifest = encodeManifest({
    kind: 'file',
    access,
    name: 'sample.bin',
    title: 'Sample',
    description: '',
    mime: 'application/octet-stream',
    createdAt: 1_700_000_000,
    byteSize,
    sliceCount,
    root,
    proofRoot,
    infoHash,
  })
  const cid = (await manifestCid(manifest)).toString()
  return { root: root.toString(), manifestCid: cid, manifest, slices, nodes, byteLength: byteSize }
}
