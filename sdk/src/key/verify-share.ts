import { hexToBytes } from 'viem'
import { splitBytes } from '../content/bytes.ts'
import { SluiceError } from '../errors.ts'
import type { PendingShare } from './create-share-request.ts'
import { verifyEquality } from './equality-proof.ts'
import { decodePoint, decodeScalar, ELEMENT_BYTES } from './group.ts'
import type { Point } from './group.ts'
import { hpkeOpen } from './hpke.ts'
import { shareEquality } from './share-proof.ts'
import { decodeShareResponse } from './share-response.ts'

/** One keeper's proven share. */
export type Share = { readonly index: number; readonly point: Point }

/**
 * Reads a keeper's answer to a request.
 * @throws The keeper's refusal as an error of that code; SHARE_INVALID when the answer is not a proven share. Both name
 * the keeper in `details.peerId`.
 */
export async function verifyShare(pending: PendingShare, response: Uint8Array): Promise<Share> {
  const { deal, requestHash } = pending
  const answer = decodeShareResponse(response)
  if ('refusal' in answer) {
    throw new SluiceError(answer.refusal, `Keeper ${deal.peerId} refused.`, { details: { peerId: deal.peerId } })
  }
  const message = await openAnswer(pending, answer.sealed)
  const [shareBytes, challengeBytes, responseBytes] = splitBytes(message, ELEMENT_BYTES)
  const share = shareBytes && decodePoint(shareBytes)
  const challenge = challengeBytes && decodeScalar(challengeBytes)
  const scalar = responseBytes && decodeScalar(responseBytes)
  if (share === undefined || challenge === undefined || scalar === undefined) throw invalidShare(deal.peerId)
  const statement = shareEquality({ ...deal, requestHash, share })
  if (!verifyEquality(statement, { challenge, response: scalar })) throw invalidShare(deal.peerId)
  return { index: deal.index, point: share }
}

async function openAnswer({ deal, requestHash, ephemeralKey }: PendingShare, sealed: Uint8Array): Promise<Uint8Array> {
  try {
    return await hpkeOpen(ephemeralKey, hexToBytes(requestHash), sealed)
  } catch (cause) {
    throw invalidShare(deal.peerId, cause)
  }
}

function invalidShare(peerId: string, cause?: unknown): SluiceError {
  return new SluiceError('SHARE_INVALID', `Keeper ${peerId} answered with a false share.`, {
    cause,
    details: { peerId },
  })
}
