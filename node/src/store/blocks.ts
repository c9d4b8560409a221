import type { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import { DAG_CBOR, MAX_BLOCK_BYTES, matchesCid, parseCid } from '@sluice/sdk/content'
import type { SpaceGuard } from './space.ts'
import type { BlockStore } from './types.ts'

/** How the text of every dag-cbor sha2-256 CID begins. */
const DAG_CBOR_PREFIX = 'bafyrei'

/** Small blocks live in the database: they are many, and none is longer than 1 MiB. */
export function createBlockStore(
  database: DatabaseSync,
  space: SpaceGuard,
  onStored: (cid: string) => void,
): BlockStore & { entryPoints(): string[] } {
  const select = database.prepare('SELECT bytes FROM blocks WHERE cid = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO blocks (cid, bytes) VALUES (?, ?)')
  const remove = database.prepare('DELETE FROM blocks WHERE cid = ?')
  const selectEntryPoints = database.prepare(`SELECT cid FROM blocks WHERE cid GLOB '${DAG_CBOR_PREFIX}*'`)
  return {
    get: (cid) => {
      const bytes = select.get(cid)?.['bytes']
      return Promise.resolve(bytes instanceof Uint8Array ? bytes : undefined)
    },
    async put(cid, bytes) {
      if (bytes.length > MAX_BLOCK_BYTES) {
        throw new SluiceError('BAD_INPUT', `A block has at most ${MAX_BLOCK_BYTES} bytes, not ${bytes.length}.`)
      }
      const parsed = parseCid(cid)
      if (!(await matchesCid(parsed, bytes))) throw new SluiceError('BAD_INPUT', `The bytes are not block ${cid}.`)
      await space.require(bytes.length)
      const { changes } = insert.run(parsed.toString(), bytes)
      if (changes > 0 && parsed.code === DAG_CBOR) onStored(parsed.toString())
    },
    remove: (cid) => void remove.run(cid),
    /** Manifests and lockboxes: what the chain names, and where a look-up starts. */
    entryPoints: () => selectEntryPoints.all().map((row) => String(row['cid'])),
  }
}
