import { decodeManifest } from '@sluice/sdk/content'
import type { Log } from '../log.ts'
import type { Store, StoredContent } from '../store/index.ts'

/** The contents of a store by their torrents' info-hashes, 40 digits in hex. */
export type TorrentContents = {
  find(infoHash: string): StoredContent | undefined
  infoHashOf(root: string): string | undefined
  /** Calls back with every torrent that is here and with those that come. */
  onAdded(listener: (infoHash: string) => void): void
  stop(): void
}

/**
 * Reads the info-hash of everything in a store from the manifests. A content without a manifest, a bare root of open
 * content, has none. Whoever stores first under an info-hash keeps it: a manifest may name another's.
 */
export async function createTorrentContents(store: Store, log: Log): Promise<TorrentContents> {
  const roots = new Map<string, string>()
  const infoHashes = new Map<string, string>()
  const listeners = new Set<(infoHash: string) => void>()

  async function add(root: string): Promise<void> {
    const content = store.get(root)
    const block = content === undefined ? undefined : await store.blocks.get(content.manifestCid)
    if (block === undefined || infoHashes.has(root)) return
    const infoHash = decodeManifest(block).infoHash.slice(2)
    const other = roots.get(infoHash)
    if (other !== undefined && store.get(other) !== undefined) return
    roots.set(infoHash, root)
    infoHashes.set(root, infoHash)
    for (const listener of listeners) listener(infoHash)
  }

  async function tryToAdd(root: string): Promise<void> {
    // A bare root of open content is filed under itself, and is no manifest.
    await add(root).catch((error: unknown) => log.debug({ err: error, root }, 'has no torrent'))
  }

  // A content comes before its manifest, or after it: what is stored may be either.
  const rootsOf = (cid: string): string[] =>
    store.get(cid) === undefined
      ? store.list().flatMap(({ root, manifestCid }) => (manifestCid === cid ? [root] : []))
      : [cid]
  const unsubscribe = store.onStored((cid) => rootsOf(cid).forEach((root) => void tryToAdd(root)))
  for (const { root } of store.list()) await tryToAdd(root)
  return {
    find: (infoHash) => {
      const root = roots.get(infoHash)
      return root === undefined ? undefined : store.get(root)
    },
    infoHashOf: (root) => (store.get(root) === undefined ? undefined : infoHashes.get(root)),
    onAdded: (listener) => {
      listeners.add(listener)
      for (const infoHash of roots.keys()) listener(infoHash)
    },
    stop: unsubscribe,
  }
}
