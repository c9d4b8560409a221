import { SluiceError } from '@sluice/sdk'
import type { DaemonParts } from '../daemon/parts.ts'
import { startDownload } from './download.ts'
import type { StoredContent } from '../store/index.ts'
import { createPurses } from './purses.ts'
import { createJobRegistry } from './registry.ts'
import { createOfferPolicy } from './offer-policy.ts'
import { startRepair } from './repair.ts'
import { startReplica } from './replica.ts'
import { startScrub } from './scrub.ts'
import { startSeed } from './seed.ts'
import type { Jobs } from './types.ts'

export type { DownloadContent, Jobs } from './types.ts'

/** Runs a node's seeding and downloading on its own parts. */
export function createJobs(parts: DaemonParts): Jobs {
  const registry = createJobRegistry(parts.log)
  const purseOf = createPurses(parts)
  const repair = (content: StoredContent, slices: readonly number[]): Promise<string> =>
    registry.launch('repair', content.root, (job) => startRepair(parts, job, content, slices))
  const policy = createOfferPolicy(parts.config.replication)
  return {
    startReplica: async (reference, peerId, options) => {
      if (!policy.admits(peerId)) return undefined
      return registry.launch('replica', reference, (job) => startReplica(parts, job, { reference }, policy), options)
    },
    resumeReplica: ({ root, contentId, version, manifestCid }, options) => {
      const named = contentId === undefined ? { reference: manifestCid } : { reference: contentId, version }
      return registry.launch('replica', root, (job) => startReplica(parts, job, named, policy), options)
    },
    startScrub: (request, options = {}) =>
      registry.launch('scrub', request.content ?? 'everything', (job) =>
        startScrub(parts, job, request, { ...options, repair }),
      ),
    startSeed: (request) => registry.launch('seed', request.content, (job) => startSeed(parts, job, request)),
    startDownload: (request) =>
      registry.launch('download', request.content, (job) => startDownload(parts, job, request, purseOf)),
    get: (id) => registry.find(id)?.job.state(),
    events: (id, { signal }) => registry.demand(id).job.events(signal),
    cancel: (id) => registry.cancel(id),
    content(id) {
      const { content } = registry.demand(id)
      if (content !== undefined) return Promise.resolve(content)
      return Promise.reject(new SluiceError('JOB_UNKNOWN', 'This job is no download.'))
    },
    stop: () => registry.stop(),
  }
}
