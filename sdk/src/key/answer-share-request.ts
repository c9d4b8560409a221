import { concatBytes } from '@noble/hashes/utils.js'
import { hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { proveEquality } from './equality-proof.ts'
import { decodePoint, encodeScalar, invert, KEEPER_BASE } from './group.ts'
import { hpkeSeal } from './hpke.ts'
import { keeperScalar } from './keeper-key.ts'
import { shareEquality } from './share-proof.ts'
import type { ShareRequest } from './share-request.ts'
import { encodeShareResponse } from './share-response.ts'
import type { Refusal } from './share-response.ts'

/** What the keeper found out about a request: `grant` with the hash that `verifyShareRequest` returned, or a refusal. */
export type ShareDecision = { readonly grant: Hex } | { readonly refusal: Refusal }

/**
 * A keeper's whole answer, from its secret, the request and what was decided: no clock, chain or memory.
 * @returns The encoded response: the share and its proof, sealed to the request's ephemeral key, or the refusal.
 * @throws BAD_INPUT when the ephemeral key is not one.
 */
export async function answerShareRequest(
  secret: Uint8Array,
  request: ShareRequest,
  decision: ShareDecision,
): Promise<Uint8Array> {
  if ('refusal' in decision) return encodeShareResponse(decision)
  const message = shareMessage(keeperScalar(secret), request, decision.grant)
  try {
    return encodeShareResponse({ sealed: await hpkeSeal(request.ephemeralKey, hexToBytes(decision.grant), message) })
  } catch (cause) {
    throw new SluiceError('BAD_INPUT', 'The ephemeral key is not an X25519 public key.', { cause })
  }
}

function shareMessage(secret: bigint, { index, deal }: ShareRequest, requestHash: Hex): Uint8Array {
  const encryptedShare = decodePoint(deal.encryptedShare)
  if (encryptedShare === undefined) throw new SluiceError('PROOF_INVALID', 'The encrypted share is no point.')
  const publicKey = KEEPER_BASE.multiply(secret)
  const share = encryptedShare.multiply(invert(secret))
  const proof = proveEquality(shareEquality({ requestHash, index, publicKey, share, encryptedShare }), secret)
  return concatBytes(share.toBytes(), encodeScalar(proof.challenge), encodeScalar(proof.response))
}
