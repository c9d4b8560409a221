import { isSluiceError } from '@sluice/sdk'

/**
 * Whether the index failed, by its silence or by an answer that is none, so that the chain's logs may stand in for it.
 */
export function isIndexFault(error: unknown): boolean {
  return isSluiceError(error, 'INDEX_UNAVAILABLE') || isSluiceError(error, 'PROTOCOL_VIOLATION')
}
