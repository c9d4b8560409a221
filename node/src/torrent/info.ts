import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeTorrentInfo, parseCid } from '@sluice/sdk/content'
import { SluiceError } from '@sluice/sdk'
import type { Store, StoredContent } from '../store/index.ts'

const PIECE_HASH_BYTES = 20
/** Clients take no longer info dictionary: 128 GiB of content. */
const MAX_INFO_BYTES = 10_000_000
/** How long one that could not be made is not tried again, for trying reads the whole content; and how many of them are remembered. */
const RETRY_MS = 3_600_000
const MAX_FAILURES = 1000

const KEPT = /^([0-9a-f]{40})\.info(\.tmp)?$/

export type InfoCacheOptions = {
  /** Where they are kept. */
  readonly directory: string
  /** Whether the content of an info-hash is in the store. */
  readonly isHere: (infoHash: string) => boolean
  /** Unix milliseconds. */
  readonly clock?: () => number
}

/** Bytes of a content's info dictionary, without making it; undefined where no client would take it. */
export function infoLength({ root, byteLength, sliceCount }: StoredContent): number | undefined {
  const empty = encodeTorrentInfo({ root: parseCid(root), byteLength, pieces: new Uint8Array() }).length
  const bytes = sliceCount * PIECE_HASH_BYTES
  const length = empty - 1 + String(bytes).length + bytes
  return length > MAX_INFO_BYTES ? undefined : length
}

/**
 * The torrents' info dictionaries, which need the SHA-1 of every slice. Made when somebody asks, one after the other, and
 * kept as long as their contents are here: twenty bytes for each slice within the store's quota.
 */
export function createInfoCache(store: Store, { directory, isHere, clock = Date.now }: InfoCacheOptions) {
  const failures = createFailures(clock)
  let last: Promise<unknown> = Promise.resolve()

  async function read(content: StoredContent, infoHash: string): Promise<Uint8Array> {
    const path = join(directory, `${infoHash}.info`)
    const kept = await readFile(path).catch(() => undefined)
    if (kept !== undefined && sha1(kept) === infoHash) return kept
    return failures.guard(`${content.root} ${infoHash}`, async () => {
      const info = await makeInfo(store, content)
      if (sha1(info) !== infoHash) {
        throw new SluiceError('MANIFEST_INVALID', 'The manifest names another info-hash than its slices have.')
      }
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await forgetOthers()
      await writeFile(`${path}.tmp`, info, { mode: 0o600 })
      await rename(`${path}.tmp`, path)
      return info
    })
  }

  async function forgetOthers(): Promise<void> {
    for (const name of await readdir(directory)) {
      const [, infoHash, unfinished] = KEPT.exec(name) ?? []
      if (infoHash !== undefined && (unfinished !== undefined || !isHere(infoHash))) await rm(join(directory, name))
    }
  }

  return {
    /** @throws SLICE_MISSING where not all of it is here, MANIFEST_INVALID; for an hour without looking again */
    read: (content: StoredContent, infoHash: string): Promise<Uint8Array> => {
      const reading = last.catch(() => undefined).then(() => read(content, infoHash))
      last = reading
      return reading
    },
  }
}

/** Remembers what failed lately, so that it is not done over and over for whoever asks. */
function createFailures(clock: () => number) {
  const failed = new Map<string, { readonly error: unknown; readonly until: number }>()
  return {
    guard: async <T>(name: string, work: () => Promise<T>): Promise<T> => {
      const before = failed.get(name)
      if (before !== undefined && clock() < before.until) throw before.error
      failed.delete(name)
      return work().catch((error: unknown) => {
        failed.set(name, { error, until: clock() + RETRY_MS })
        const [oldest] = failed.keys()
        if (failed.size > MAX_FAILURES && oldest !== undefined) failed.delete(oldest)
        throw error
      })
    },
  }
}

export type InfoCache = ReturnType<typeof createInfoCache>

async function makeInfo(store: Store, { root, byteLength, sliceCount }: StoredContent): Promise<Uint8Array> {
  const pieces = new Uint8Array(sliceCount * PIECE_HASH_BYTES)
  for (let index = 0; index < sliceCount; index += 1) {
    const slice = await store.readSlice(root, index)
    if (slice === undefined) throw new SluiceError('SLICE_MISSING', `Slice ${index} is not here.`)
    pieces.set(createHash('sha1').update(slice).digest(), index * PIECE_HASH_BYTES)
  }
  return encodeTorrentInfo({ root: parseCid(root), byteLength, pieces })
}

function sha1(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex')
}
