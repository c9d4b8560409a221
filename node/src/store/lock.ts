import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { SluiceError } from '@sluice/sdk'

/**
 * Makes this process the one owner of a data directory until `release`. What locks is SQLite's file lock, which the kernel
 * drops with the process, so a daemon that was killed leaves no stale lock, whatever its pid means by now; the pid file
 * only names the owner to people. Throws STORE_LOCKED while another process owns it.
 */
export function lockDirectory(directory: string): { release(): void } {
  const pidFile = join(directory, 'daemon.pid')
  const lock = new DatabaseSync(join(directory, 'daemon.lock'), { timeout: 0 })
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (cause) {
    lock.close()
    throw new SluiceError('STORE_LOCKED', `The data directory ${directory} belongs to a running node.`, {
      cause,
      hint: `Stop it first (process ${readPid(pidFile)}), or use another data directory.`,
    })
  }
  writeFileSync(pidFile, String(process.pid))
  return { release: () => lock.close() }
}

function readPid(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
    return /^\d{1,10}$/.test(text) ? text : 'unknown'
  } catch {
    return 'unknown'
  }
}
