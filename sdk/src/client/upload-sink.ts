import type { CID } from 'multiformats/cid'

/** Where a publication's bytes go: the creator's own node, through its admin API. */
export type UploadSink = {
  /** Starts an upload of `sliceCount` slices; one per publication. */
  begin(upload: { kind: 'sealed' | 'open'; sliceCount: number }, signal: AbortSignal): Promise<void>
  /** Resolves once the slice is durably stored. */
  putSlice(index: number, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** A manifest, lockbox or thumbnail. */
  putBlock(cid: CID, bytes: Uint8Array, signal: AbortSignal): Promise<void>
  /** Has the node recompute the root, compare it with the manifest's, and serve the content from now on. */
  commit(manifestCid: CID, signal: AbortSignal): Promise<void>
  /** Gives up an upload that was begun; nothing of it stays. */
  discard(): Promise<void>
}
