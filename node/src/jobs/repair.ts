import type { DaemonParts } from '../daemon/parts.ts'
import type { StoredContent } from '../store/index.ts'
import { fetchIntoStore } from './fetch-into-store.ts'
import type { RunningJob } from './job-state.ts'
import { keepBlocks, resolveFor } from './reader.ts'
import type { Prepared } from './types.ts'

/**
 * Fetches slices that were found damaged again, for nothing: open content from anyone, sealed content on a grant of the node
 * where it was uploaded. Who paid for them once asks for them with a download.
 */
export function startRepair(
  parts: DaemonParts,
  job: RunningJob,
  { root, contentId, version, manifestCid, byteLength }: StoredContent,
  slices: readonly number[],
): Promise<Prepared> {
  const only = new Set(slices)
  job.update({ root, slices: only.size, bytes: byteLength })
  return Promise.resolve({
    async run() {
      const content = await resolveFor(
        parts,
        job,
        contentId ?? manifestCid,
        contentId === undefined ? undefined : version,
      )
      await keepBlocks(parts, content)
      await fetchIntoStore(parts, job, content, { only })
    },
  })
}
