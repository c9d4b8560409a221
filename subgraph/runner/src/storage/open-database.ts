import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { OWN_TABLES, inTransaction, ownerOf } from './store-tables.ts'

/**
 * Durable against the end of the process, at any moment; not against the machine losing power, after which the last
 * transactions may be missing, but never half of one (https://www.sqlite.org/wal.html). Whatever is missing comes from the
 * chain again. Pages change again and again, so that fewer checkpoints, every 64 MiB of them, write each less often.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA cache_size = -16384;
  PRAGMA wal_autocheckpoint = 16000;
  PRAGMA busy_timeout = 5000;
`

/**
 * Opens the database of a deployment, with the tables that `statements` create. One of another deployment, or of another
 * build of this one, is emptied: all that was in it comes from the chain. Throws STORE_FOREIGN for one that no runner made.
 */
export function openDatabase(path: string, deploymentId: string, statements: readonly string[]): DatabaseSync {
  let database = new DatabaseSync(path)
  const owner = ownerOf(database, deploymentId)
  if (owner === 'another') {
    database.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
    database = new DatabaseSync(path)
  }
  database.exec(PRAGMAS)
  if (owner === 'this') return database
  inTransaction(database, () => {
    for (const statement of [...OWN_TABLES, ...statements]) database.exec(statement)
    database.prepare("INSERT INTO runner_meta VALUES ('deployment', ?)").run(deploymentId)
  })
  return database
}
