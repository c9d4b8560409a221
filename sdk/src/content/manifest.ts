import type { Hex } from 'viem'
import type { CID } from 'multiformats/cid'
import { cidOf, DAG_CBOR, digestHexOf } from './cid.ts'
import type { Cover } from './key-tree.ts'
import type { Access } from './slice-count.ts'

/** The only manifest format so far. */
export const MANIFEST_FORMAT = 1

/** What a content is, as `IMetaHashRegistry.Kind` orders them. */
export const CONTENT_KINDS = ['media', 'file', 'component'] as const
export type ContentKind = (typeof CONTENT_KINDS)[number]

/** Bounds of the manifest's fields, in UTF-16 units or items. */
export const MANIFEST_LIMITS = {
  name: 200,
  title: 200,
  description: 5000,
  mime: 127,
  interface: 65_536,
  dependencies: 64,
  dependencyName: 200,
  versionConstraint: 100,
  signature: 512,
} as const

/** A component that another one needs. */
export type Dependency = {
  /** Name in the component registry. */
  readonly name: string
  /** Semantic-version range. */
  readonly version: string
}

/** What a manifest says of a software package beyond its bytes. */
export type ComponentFields = {
  /** BLAKE3 of the component card's canonical form, 32 bytes. */
  readonly cardHash: Hex
  /** JSON Schema of the interface, as JSON text. */
  readonly interface: string
  /** sha2-256 of the implementation, 32 bytes. */
  readonly implementationHash: Hex
  readonly dependencies: readonly Dependency[]
  /** The publisher's signature over the card. */
  readonly signature: Hex
}

/** One version of a content: everything about its bytes and nothing about its price. The CID of its encoding is the meta-hash. */
export type Manifest = {
  readonly kind: ContentKind
  readonly access: Access
  /** File name, without a path. */
  readonly name: string
  readonly title: string
  readonly description: string
  /** Media type, lower case. */
  readonly mime: string
  /** Unix seconds. */
  readonly createdAt: number
  /** Plaintext bytes. */
  readonly byteSize: number
  readonly sliceCount: number
  /** Root of the leaves' UnixFS DAG. */
  readonly root: CID
  readonly proofRoot: Hex
  /** BitTorrent info-hash, 20 bytes. */
  readonly infoHash: Hex
  /** Key-tree nodes that open a part for everybody. */
  readonly preview?: Cover
  /** Manifest of the version before. */
  readonly previous?: CID
  /** A picture, raw, at most 1 MiB. */
  readonly thumbnail?: CID
  readonly component?: ComponentFields
}

/** The CID of an encoded manifest. */
export function manifestCid(encoded: Uint8Array): Promise<CID> {
  return cidOf(DAG_CBOR, encoded)
}

/** What the registry stores: the sha2-256 of an encoded manifest. */
export async function metaHashOf(encoded: Uint8Array): Promise<Hex> {
  return digestHexOf(await manifestCid(encoded))
}
