import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/** Open files by path, the least recently used closed first, none while somebody works on it. */
export type FilePool = {
  use<T>(path: string, action: (file: FileHandle) => Promise<T>): Promise<T>
  /** Closes one file once nobody works on it. */
  close(path: string): Promise<void>
  closeAll(): Promise<void>
}

type Entry = { readonly file: Promise<FileHandle>; users: number; idle: PromiseWithResolvers<void> | undefined }

export function createFilePool(limit: number): FilePool {
  const entries = new Map<string, Entry>()

  function acquire(path: string): Entry {
    const entry = entries.get(path) ?? { file: openFile(path), users: 0, idle: undefined }
    entry.users += 1
    // Re-inserting keeps the map in the order of use.
    entries.delete(path)
    entries.set(path, entry)
    return entry
  }

  function release(entry: Entry): void {
    entry.users -= 1
    if (entry.users > 0) return
    entry.idle?.resolve()
    if (entries.size <= limit) return
    for (const [path, { users }] of entries) {
      if (users > 0) continue
      void close(path)
      if (entries.size <= limit) return
    }
  }

  async function close(path: string): Promise<void> {
    const entry = entries.get(path)
    if (entry === undefined) return
    entries.delete(path)
    if (entry.users > 0) await (entry.idle ??= Promise.withResolvers()).promise
    // A file that never opened has nothing to close; whoever opened it got the error.
    const file = await entry.file.catch(() => undefined)
    await file?.close()
  }

  return {
    async use(path, action) {
      const entry = acquire(path)
      try {
        return await action(await entry.file)
      } catch (error) {
        await forgetBroken(entries, path, entry)
        throw error
      } finally {
        release(entry)
      }
    },
    close,
    async closeAll() {
      await Promise.all([...entries.keys()].map(close))
    },
  }
}

function openFile(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDWR | constants.O_CREAT, 0o600)
}

/** An open that failed must not be remembered, or the path would fail for ever. */
async function forgetBroken(entries: Map<string, Entry>, path: string, entry: Entry): Promise<void> {
  const opened = await entry.file.then(
    () => true,
    () => false,
  )
  if (!opened && entries.get(path) === entry) entries.delete(path)
}
