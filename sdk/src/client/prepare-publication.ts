import { randomBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from 'viem'
import type { Address, Hex } from 'viem'
import { contentId as contentIdOf } from '../chain/index.ts'
import type { ContentKind, EditionTerms, SluiceContracts } from '../chain/index.ts'
import {
  digestHexOf,
  encodeManifest,
  manifestCid,
  previewCover,
  previewSlices,
  sealContent,
  sliceCountOf,
} from '../content/index.ts'
import { dealEdition } from './deal-edition.ts'
import type { DealtEdition } from './deal-edition.ts'
import type { KeeperInfo } from './network.ts'
import { putPicture } from './put-picture.ts'
import type { UploadSink } from './upload-sink.ts'

/** What a creator says of a work. */
export type ContentAttributes = {
  readonly kind: ContentKind
  /** File name, without a path. */
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mime: string
  /** Unix seconds. */
  readonly createdAt: number
  /** A picture's bytes, at most 1 MiB; public. */
  readonly thumbnail?: Uint8Array
}

export type PublicationPhase = 'sealing' | 'dealing' | 'uploading'
export type PublicationProgress = { readonly phase: PublicationPhase; readonly done: number; readonly total: number }

/** A work that is sealed, uploaded and dealt, and needs only the chain: plain data, safe to keep or to hand on. */
export type PreparedPublication = {
  readonly creator: Address
  readonly salt: Hex
  readonly contentId: Hex
  readonly kind: ContentKind
  readonly title: string
  readonly metaHash: Hex
  readonly proofRoot: Hex
  /** Root CID as text. */
  readonly root: string
  readonly sliceCount: number
  /** Plaintext bytes. */
  readonly byteSize: number
  readonly editions: readonly DealtEdition[]
}

export declare namespace preparePublication {
  type Options = {
    readonly source: AsyncIterable<Uint8Array>
    readonly byteSize: number
    readonly attributes: ContentAttributes
    readonly creator: Address
    readonly chainId: number
    readonly contracts: SluiceContracts
    readonly editions: readonly EditionTerms[]
    /** How much of the start anyone may open without a key, per cent from 0 to 50; nothing when left out. */
    readonly previewPercent?: number
    readonly keepers: readonly KeeperInfo[]
    /** Keepers that must answer to open an edition. */
    readonly threshold: number
    readonly sink: UploadSink
    readonly signal: AbortSignal
    readonly onProgress?: (progress: PublicationProgress) => void
  }
}

/**
 * Everything of a publication that needs no wallet: seals the work under a fresh key, uploads it slice by slice, deals
 * every edition's key among the keepers, and hands manifest and lockboxes to the node. The content key is then forgotten;
 * when anything fails the attempt is discarded whole.
 */
export async function preparePublication(options: preparePublication.Options): Promise<PreparedPublication> {
  const { sink, signal, attributes, creator } = options
  const salt = bytesToHex(randomBytes(32))
  const contentId = contentIdOf(creator, salt)
  const sliceCount = sliceCountOf(options.byteSize, 'sealed')
  // Refused before anything is sealed, if it is no preview.
  previewSlices(sliceCount, options.previewPercent ?? 0)
  await sink.begin({ kind: 'sealed', sliceCount }, signal)
  try {
    const sealed = await seal(options)
    const { root, byteSize, proofRoot } = sealed
    const metaHash = await putManifest(options, sealed)
    const editions: DealtEdition[] = []
    for (const terms of options.editions) {
      editions.push(await dealEdition({ ...options, terms, contentId, version: 1, sealed }))
      options.onProgress?.({ phase: 'dealing', done: editions.length, total: options.editions.length })
    }
    return {
      creator,
      salt,
      contentId,
      kind: attributes.kind,
      title: attributes.title,
      metaHash,
      proofRoot,
      root: `${root}`,
      sliceCount,
      byteSize,
      editions,
    }
  } catch (error) {
    await sink.discard()
    throw error
  }
}

function seal({ source, byteSize, sink, signal, onProgress }: preparePublication.Options): Promise<sealContent.Result> {
  return sealContent({
    source,
    byteSize,
    signal,
    onSlice: (index, leaf, _cid, stop) => sink.putSlice(index, leaf, stop),
    // The node makes the DAG's nodes again from the slices, so they need not travel.
    onBlock: () => Promise.resolve(),
    onProgress: ({ slices, sliceCount }) => onProgress?.({ phase: 'sealing', done: slices, total: sliceCount }),
  })
}

async function putManifest(options: preparePublication.Options, sealed: sealContent.Result): Promise<Hex> {
  const { sink, signal, onProgress } = options
  const { thumbnail: picture, ...attributes } = options.attributes
  const thumbnail = picture === undefined ? undefined : await putPicture(sink, picture, signal)
  const preview = previewCover(sealed.contentKey, sealed.sliceCount, options.previewPercent ?? 0)
  const manifest = encodeManifest({
    ...attributes,
    ...(thumbnail === undefined ? {} : { thumbnail }),
    ...(preview === undefined ? {} : { preview }),
    access: 'sealed',
    byteSize: sealed.byteSize,
    sliceCount: sealed.sliceCount,
    root: sealed.root,
    proofRoot: sealed.proofRoot,
    infoHash: sealed.infoHash,
  })
  const cid = await manifestCid(manifest)
  onProgress?.({ phase: 'uploading', done: 0, total: 1 })
  await sink.putBlock(cid, manifest, signal)
  await sink.commit(cid, signal)
  onProgress?.({ phase: 'uploading', done: 1, total: 1 })
  return digestHexOf(cid)
}
