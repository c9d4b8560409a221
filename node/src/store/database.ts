import { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'

/**
 * Opens a database in WAL mode with foreign keys and durable commits, and brings it up to date: `migrations[i]` leads from
 * version i to i + 1. Throws STORE_CORRUPT for a damaged file or one written by a newer program.
 */
export function openDatabase(path: string, migrations: readonly string[]): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { enableForeignKeyConstraints: true, timeout: 5000 })
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY')
    migrate(database, migrations)
    return database
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    throw new SluiceError('STORE_CORRUPT', `The database ${path} cannot be opened.`, { cause })
  }
}

/** Runs `action` in one transaction: all of it is durable when this returns, none of it when it throws. */
export function transaction<T>(database: DatabaseSync, action: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = action()
    database.exec('COMMIT')
    return result
  } catch (error) {
    database.exec('ROLLBACK')
    throw error
  }
}

/**
 * Runs one statement whose effect a power cut may undo, a killed process not; what is committed afterwards makes it durable. For
 * what is written many times a second and, lost, is only done again: a durable commit waits for the disk, on the main thread.
 */
export function lightly(database: DatabaseSync, action: () => void): void {
  database.exec('PRAGMA synchronous = NORMAL')
  try {
    action()
  } finally {
    database.exec('PRAGMA synchronous = FULL')
  }
}

function migrate(database: DatabaseSync, migrations: readonly string[]): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version'])
  if (version > migrations.length) {
    throw new SluiceError('STORE_CORRUPT', `The database is of version ${version}, newer than this program knows.`, {
      hint: 'Update Sluice, or use another data directory.',
    })
  }
  for (const [index, statements] of migrations.entries()) {
    if (index < version) continue
    transaction(database, () => database.exec(`${statements}; PRAGMA user_version = ${index + 1}`))
  }
}
