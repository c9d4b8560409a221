import { readEditions } from '@sluice/sdk/chain'
import type { ResolvedContent } from '@sluice/sdk/client'
import { cidOfBlockHash } from '@sluice/sdk/content'
import type { SeedRequest } from '../api/types.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import { fetchIntoStore, makeRoom } from './fetch-into-store.ts'
import type { RunningJob } from './job-state.ts'
import { readerOf, resolveFor } from './reader.ts'
import type { Prepared } from './types.ts'

/** Copies a content as it is sealed, on a grant of the node where it was uploaded, and keeps it. */
export async function startSeed(parts: DaemonParts, job: RunningJob, { content }: SeedRequest): Promise<Prepared> {
  const resolved = await resolveFor(parts, job, content)
  await makeRoom(parts, job, resolved)
  return {
    async run() {
      await fetchPublicBlocks(parts, job, resolved)
      await fetchIntoStore(parts, job, resolved, {})
      parts.store.setPinned(resolved.root.toString(), true)
    },
  }
}

/** A seeder also serves what buyers need before the first slice: thumbnail and lockboxes. */
export async function fetchPublicBlocks(
  parts: DaemonParts,
  { signal }: RunningJob,
  content: ResolvedContent,
): Promise<void> {
  const { network, chain, contracts } = readerOf(parts, content.root.toString())
  const { manifest, record } = content
  const editions = record === undefined ? [] : await readEditions(chain, { contracts, contentId: record.contentId })
  const cids = editions.map(({ lockboxHash }) => cidOfBlockHash(lockboxHash))
  if (manifest?.thumbnail !== undefined) cids.push(manifest.thumbnail)
  for (const cid of cids) await network.fetchBlock(cid, { signal })
}
