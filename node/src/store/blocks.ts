import type { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import { DAG_CBOR, MAX_BLOCK_BYTES, matchesCid, parseCid } from '@sluice/sdk/content'
import { createBlocksTable, OWNER } from './blocks-table.ts'
import type { BlockUser } from './blocks-table.ts'
import { transaction } from './database.ts'
import type { SpaceGuard } from './space.ts'
import type { BlockStore, PutOptions } from './types.ts'

export type BlocksOptions = {
  readonly database: DatabaseSync
  readonly space: SpaceGuard
  /** Told of every new manifest and lockbox. */
  readonly onStored: (cid: string) => void
  /** Takes room within the quota and acts at once. Throws STORE_FULL. */
  readonly takeRoom: (bytes: number, act: () => void, options: PutOptions) => Promise<void>
}

/** Beside what others see: how blocks come and go with the contents that they were fetched for. */
export type StoredBlocks = BlockStore & {
  /** Bytes of all blocks. */
  bytes(): number
  /** Stores a block of what an upload will be, under `root`, for which that root does not go: `claim` or `release` follows. */
  stage(upload: string, cid: string, bytes: Uint8Array, root: string): Promise<void>
  /** An upload's blocks go with its content from now on. Inside the caller's transaction. */
  claim(upload: string, root: string): void
  /** A content went, or an upload was not committed: so does what was only here for it. Inside the caller's transaction. */
  release(user: string): void
  /** Lets go what the commit of an upload left that was interrupted. */
  sweep(): void
  /** Manifests and lockboxes: what the chain names, and where a look-up starts. */
  entryPoints(): string[]
}

/** Small blocks live in the database: they are many, and none is longer than 1 MiB. */
export function createBlockStore({ database, space, onStored, takeRoom }: BlocksOptions): StoredBlocks {
  const table = createBlocksTable(database)
  let total = table.totalBytes()

  async function store(cid: string, bytes: Uint8Array, user: BlockUser, options: PutOptions): Promise<void> {
    if (bytes.length > MAX_BLOCK_BYTES) {
      throw new SluiceError('BAD_INPUT', `A block has at most ${MAX_BLOCK_BYTES} bytes, not ${bytes.length}.`)
    }
    const parsed = parseCid(cid)
    if (!(await matchesCid(parsed, bytes))) throw new SluiceError('BAD_INPUT', `The bytes are not block ${cid}.`)
    const name = parsed.toString()
    const isHere = table.get(name) !== undefined
    if (!isHere) await space.require(bytes.length)
    const insert = (): void => {
      if (!table.insert(name, bytes, user)) return
      total += bytes.length
      if (parsed.code === DAG_CBOR) onStored(name)
    }
    await takeRoom(isHere ? 0 : bytes.length, insert, options)
  }

  const release = (user: string): void => void (total -= table.release(user))

  return {
    get: (cid) => Promise.resolve(table.get(cid)),
    put: (cid, bytes, options = {}) => store(cid, bytes, options.root ?? OWNER, options),
    stage: (upload, cid, bytes, root) => store(cid, bytes, upload, { root, evict: true }),
    remove: (cid) => void (total -= table.remove(cid)),
    bytes: () => total,
    bytesFor: (root) => table.bytesFor(root),
    claim: (upload, root) => table.move(upload, root),
    release,
    sweep: () => transaction(database, () => table.strays().forEach(release)),
    entryPoints: () => table.entryPoints(),
  }
}
