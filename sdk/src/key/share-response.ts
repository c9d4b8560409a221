import { decodeMap, encodeMap } from '../content/strict-cbor.ts'
import type { MapReader } from '../content/strict-cbor.ts'
import { SluiceError } from '../errors.ts'
import { ELEMENT_BYTES } from './group.ts'
import { HPKE_OVERHEAD_BYTES } from './hpke.ts'

/** Bytes of an encoded response at most. */
export const MAX_RESPONSE_BYTES = 512

/** A share and its proof: `S_i`, challenge, response. */
const SHARE_BYTES = 3 * ELEMENT_BYTES

/** Why a keeper gives no share. */
export const REFUSALS = [
  'BAD_INPUT',
  'INTERNAL',
  'NOT_ENTITLED',
  'PROOF_INVALID',
  'RATE_LIMITED',
  'REQUEST_STALE',
  'RPC_UNREACHABLE',
  'SESSION_EXPIRED',
  'SESSION_FOREIGN',
  'SIGNATURE_INVALID',
] as const
export type Refusal = (typeof REFUSALS)[number]

/** Either the share, sealed to the request's ephemeral key, or the reason for none. */
export type ShareResponse = { readonly sealed: Uint8Array } | { readonly refusal: Refusal }

export function encodeShareResponse(response: ShareResponse): Uint8Array {
  return encodeMap(response)
}

/** Reads a keeper's answer. @throws SHARE_INVALID when it is none. */
export function decodeShareResponse(encoded: Uint8Array): ShareResponse {
  return decodeMap<ShareResponse>(encoded, MAX_RESPONSE_BYTES, invalid, readResponse)
}

function readResponse(reader: MapReader): ShareResponse {
  if (reader.has('refusal')) return { refusal: reader.oneOf('refusal', REFUSALS) }
  return { sealed: reader.fixedBytes('sealed', SHARE_BYTES + HPKE_OVERHEAD_BYTES) }
}

function invalid(reason: string): SluiceError {
  return new SluiceError('SHARE_INVALID', `The keeper's answer is malformed: ${reason}.`)
}
