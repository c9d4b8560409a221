import type { SeedRequest } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import { fetchIntoStore, resolveForStore } from './fetch-into-store.ts'
import type { Prepared } from './index.ts'
import type { RunningJob } from './job-state.ts'

/** Copies a content as it is sealed, on a grant of the node where it was uploaded, and keeps it. */
export async function startSeed(parts: DaemonParts, job: RunningJob, { content }: SeedRequest): Promise<Prepared> {
  const resolved = await resolveForStore(parts, job, content)
  return {
    async run() {
      await fetchIntoStore(parts, job, resolved, {})
      parts.store.setPinned(resolved.root.toString(), true)
    },
  }
}
