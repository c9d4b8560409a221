import { statfs } from 'node:fs/promises'
import { SluiceError } from '@sluice/sdk'

/** Bytes that may be written between two looks at the file system. */
const RECHECK_BYTES = 32 * 1024 * 1024

/** Refuses writes once the disk is down to its reserve; asks the file system only every 32 MiB. */
export function createSpaceGuard(directory: string, reserveBytes: number) {
  let allowance = 0
  return {
    /** Throws STORE_FULL when `bytes` more would eat into the reserve. */
    async require(bytes: number): Promise<void> {
      if (bytes > allowance) allowance = Math.min(await freeBytes(directory, reserveBytes), RECHECK_BYTES)
      if (bytes > allowance) {
        throw new SluiceError('STORE_FULL', 'The disk is full up to the reserve this node keeps free.', {
          hint: 'Free some space, or lower storage.reserve_bytes.',
          details: { reserveBytes },
        })
      }
      allowance -= bytes
    },
  }
}

export type SpaceGuard = ReturnType<typeof createSpaceGuard>

async function freeBytes(directory: string, reserveBytes: number): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize - reserveBytes
}
