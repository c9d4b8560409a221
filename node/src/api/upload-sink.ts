import type { UploadSink } from '@sluice/sdk/client'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import type { NodeClient } from './client.ts'

const ATTEMPTS = 3
const RETRY_MS = 500

/** Sends a publication's bytes to a node through its admin API; a slice that does not get through is sent again. */
export function createUploadSink(node: NodeClient): UploadSink {
  let uploadId: string | undefined
  const begun = (): string => {
    if (uploadId === undefined) throw new SluiceError('INTERNAL', 'The upload was not begun.')
    return uploadId
  }
  return {
    async begin(upload, signal) {
      uploadId = (await node.createUpload(upload, { signal })).uploadId
    },
    putSlice: (index, bytes, signal) => persist(() => node.putUploadSlice(begun(), index, bytes, { signal }), signal),
    putBlock: (cid, bytes, signal) => persist(() => node.putBlock(cid.toString(), bytes, { signal }), signal),
    async commit(manifestCid, signal) {
      await node.commitUpload(begun(), { manifestCid: manifestCid.toString() }, { signal })
      uploadId = undefined
    },
    async discard() {
      // Nothing to take back after a commit, and a node that is gone forgets the upload by itself.
      if (uploadId !== undefined) await node.removeUpload(uploadId).catch(() => undefined)
    },
  }
}

/** Puts are idempotent, so one that was lost on the way is simply made again. */
async function persist(put: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await put()
      return
    } catch (error) {
      const passing = isSluiceError(error, 'NODE_UNREACHABLE') || isSluiceError(error, 'TIMEOUT')
      if (!passing || attempt === ATTEMPTS || signal.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt))
    }
  }
}
