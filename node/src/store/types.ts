import type { CID } from 'multiformats/cid'
import type { Hex } from 'viem'
import type { Bitfield } from './bitfield.ts'

/** One content on this node's disk, filed under the root CID of its slices as stored. */
export type StoredContent = {
  readonly root: string
  readonly contentId?: Hex
  readonly version?: number
  readonly chainKind: 'sealed' | 'open'
  readonly manifestCid: string
  readonly title: string
  readonly mime: string
  readonly sliceCount: number
  /** Bytes of all slices as stored. */
  readonly byteLength: number
  /** Whether it was uploaded here. */
  readonly origin: boolean
  readonly pinned: boolean
  /** Slices that are here. */
  readonly have: number
  /** When it was last served or read, to the hour; unix seconds. */
  readonly usedAt: number
  /** When all of it was last read again and compared, or when it came; unix seconds. */
  readonly scrubbedAt: number
  /** Copies that its owner wants on other nodes, where it was uploaded here. */
  readonly replicas: number
  /** Whether it came because a peer offered it. */
  readonly offered: boolean
}

/** What is needed to make room for a content before its first slice arrives. */
export type NewContent = Omit<
  StoredContent,
  'have' | 'origin' | 'pinned' | 'usedAt' | 'scrubbedAt' | 'replicas' | 'offered'
> & {
  readonly pinned?: boolean
  readonly offered?: boolean
}

/** What the chain says a content is: filed with it once its transaction is mined. */
export type Registration = { readonly contentId: Hex; readonly version: number }

export type VerifyResult = { readonly checked: number; readonly corrupt: readonly number[] }

export type VerifyOptions = {
  readonly signal?: AbortSignal
  /** Told how many slices were compared so far, before the next ones are read; they wait for it. */
  readonly onChecked?: (checked: number) => Promise<void> | void
  /** Fetches a node of the DAG that is not here. */
  readonly fetchBlock?: (cid: CID) => Promise<Uint8Array>
}

export type ContentStore = {
  get(root: string): StoredContent | undefined
  list(): StoredContent[]
  /**
   * Makes room for a content, or returns the one that is there. Throws STORE_FULL, and lets nothing go, when the quota
   * is spent and too little is neither pinned nor uploaded here, or with `evict: false`.
   */
  create(content: NewContent, options?: { readonly evict?: boolean }): Promise<StoredContent>
  register(root: string, registration: Registration): StoredContent
  setPinned(root: string, pinned: boolean): StoredContent
  setReplicas(root: string, replicas: number): StoredContent
  /** Deletes the slices, the record, and the blocks that were fetched for it and no other; what its owner put here stays. */
  remove(root: string): Promise<void>
  /** A slice; `undefined` when it is not here. */
  readSlice(root: string, index: number): Promise<Uint8Array | undefined>
  /** Stores a slice whose CID the caller has verified; readable at once, durable within a quarter of a second. */
  writeSlice(root: string, index: number, bytes: Uint8Array): Promise<void>
  /** Resolves once all slices written before are durable. */
  sync(root: string): Promise<void>
  /**
   * Takes in what a process that was killed had written and not noted yet, so that nothing is fetched twice. It is looked
   * for once after such an end, and costs a read and a hash for every slice that is not here.
   */
  salvage(root: string, options?: { readonly signal?: AbortSignal }): Promise<StoredContent>
  /** A copy of which slices are here. */
  has(root: string): Bitfield | undefined
  /** Reads everything again and forgets slices that are not what their CID says. */
  verify(root: string, options?: VerifyOptions): Promise<VerifyResult>
}

export type PutOptions = {
  /** The content that it is fetched for, and goes with; it is not stored where that is not here. The owner's when left out. */
  readonly root?: string
  /** Whether contents may go to make room for it; not for one that was offered, unless it is said. */
  readonly evict?: boolean
}

/** Manifests, DAG nodes, lockboxes and thumbnails, at most 1 MiB each; they count towards the quota. */
export type BlockStore = {
  get(cid: string): Promise<Uint8Array | undefined>
  /** Stores a block after checking it against its CID. Throws BAD_INPUT when it is another's bytes or too long, STORE_FULL. */
  put(cid: string, bytes: Uint8Array, options?: PutOptions): Promise<void>
  remove(cid: string): void
  /** Bytes of the blocks that were fetched for a content. */
  bytesFor(root: string): number
}

export type UploadState = { readonly received: Bitfield; readonly count: number; readonly sliceCount: number }

/** Slices on their way in from a publisher, resumable until they are committed. */
export type UploadStore = {
  create(upload: { readonly kind: 'sealed' | 'open'; readonly sliceCount: number }): Promise<string>
  /** Durable when it resolves. Only the last slice may be shorter than 262,144 bytes. */
  writeSlice(id: string, index: number, bytes: Uint8Array): Promise<void>
  /** What is durably here; throws CONTENT_UNKNOWN for an unknown id. */
  received(id: string): Promise<UploadState>
  /**
   * Recomputes every leaf's CID and the DAG from the bytes on disk, compares the root with the manifest's, and turns the
   * upload into a content. Throws SLICE_MISSING while slices are missing, MANIFEST_INVALID when the roots differ.
   */
  commit(id: string, manifestCid: string, registration?: Registration): Promise<StoredContent>
  remove(id: string): Promise<void>
}

export type Store = ContentStore & {
  readonly blocks: BlockStore
  readonly uploads: UploadStore
  /** Calls back with every root, manifest and lockbox that comes here from now on; returns how to stop it. */
  onStored(listener: (cid: string) => void): () => void
  /** Roots of all contents, and all manifests and lockboxes: what others may look for by CID. */
  announced(): string[]
  /** Bytes promised to contents and uploads, and those of blocks. */
  usedBytes(): number
  /** Syncs and closes everything and releases the directory. */
  close(): Promise<void>
}
