import type { Jobs } from '../jobs/types.ts'
import { serveOffers } from '../protocols/offer/index.ts'
import type { DaemonParts } from './parts.ts'

/** Takes offers of contents to keep, within the owner's limits and the protocol's time. @returns What stops it. */
export function takeOffers({ host, log }: DaemonParts, jobs: Pick<Jobs, 'startReplica'>): Promise<() => Promise<void>> {
  return serveOffers(host, log, async (reference, peerId, signal) => {
    try {
      return (await jobs.startReplica(reference, peerId, { signal })) !== undefined
    } catch (error) {
      log.info({ err: error, peerId }, 'an offer was not taken')
      return false
    }
  })
}
