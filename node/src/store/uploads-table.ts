import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'
import type { Bitfield } from './bitfield.ts'
import { lightly } from './database.ts'

/** An unfinished upload; `bits` are the slices that are durable. */
export type UploadRow = {
  readonly id: string
  readonly kind: 'sealed' | 'open'
  readonly sliceCount: number
  readonly lastLength?: number
  readonly bits: Bitfield
  readonly createdAt: number
}

export function createUploadsTable(database: DatabaseSync) {
  const insert = database.prepare(
    'INSERT INTO uploads (id, chain_kind, slice_count, bits, created_at) VALUES (?, ?, ?, ?, ?)',
  )
  const updateBits = database.prepare('UPDATE uploads SET bits = ? WHERE id = ?')
  const updateLastLength = database.prepare('UPDATE uploads SET last_length = ? WHERE id = ?')
  const remove = database.prepare('DELETE FROM uploads WHERE id = ?')
  const select = database.prepare('SELECT * FROM uploads')
  return {
    insert: ({ id, kind, sliceCount, bits, createdAt }: UploadRow) =>
      void insert.run(id, kind, sliceCount, bits, createdAt),
    setBits: (id: string, bits: Bitfield) => lightly(database, () => updateBits.run(bits, id)),
    setLastLength: (id: string, length: number) => void updateLastLength.run(length, id),
    remove: (id: string) => void remove.run(id),
    all: (): UploadRow[] => select.all().map(parseRow),
  }
}

export type UploadsTable = ReturnType<typeof createUploadsTable>

function parseRow(row: Record<string, SQLOutputValue>): UploadRow {
  const { last_length: lastLength, bits } = row
  if (!(bits instanceof Uint8Array)) throw new SluiceError('STORE_CORRUPT', 'An upload has no bitfield.')
  return {
    id: String(row['id']),
    kind: row['chain_kind'] === 'open' ? 'open' : 'sealed',
    sliceCount: Number(row['slice_count']),
    ...(typeof lastLength === 'number' ? { lastLength } : {}),
    bits: new Uint8Array(bits),
    createdAt: Number(row['created_at']),
  }
}
