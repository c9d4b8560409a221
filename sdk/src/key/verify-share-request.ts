import { isAddressEqual } from 'viem'
import type { Address, Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { verifyDigest } from '../session/index.ts'
import type { SessionDomain } from '../session/index.ts'
import { dealEquality } from './deal-proof.ts'
import { verifyEquality } from './equality-proof.ts'
import { decodePoint, decodeScalar } from './group.ts'
import { parseKeeperKey } from './keeper-key.ts'
import type { Keeper } from './keeper-key.ts'
import { labelOf } from './label.ts'
import { hashShareRequest } from './share-request.ts'
import type { SignedShareRequest } from './share-request.ts'

/** Who is asked, and for which deployment it answers. */
export type KeeperIdentity = Keeper & { readonly domain: SessionDomain; readonly contentKeys: Address }

/**
 * Everything about a request that needs no chain: that it is meant for this keeper and deployment, that the deal is its
 * dealer's for exactly this label, and that the session signed it. The proof is what keeps a keeper from decrypting a
 * deal that was lifted from another lockbox.
 * @returns The request's hash.
 * @throws BAD_INPUT, PROOF_INVALID or SIGNATURE_INVALID.
 */
export async function verifyShareRequest(keeper: KeeperIdentity, request: SignedShareRequest): Promise<Hex> {
  const { domain, contentKeys, peerId } = keeper
  if (request.keeper !== peerId) throw new SluiceError('BAD_INPUT', 'The request is for another keeper.')
  if (request.label.chainId !== domain.chainId || !isAddressEqual(request.label.contentKeys, contentKeys)) {
    throw new SluiceError('BAD_INPUT', 'The request is for another chain or contract.')
  }
  if (!isDealProven(keeper.publicKey, request)) {
    throw new SluiceError('PROOF_INVALID', 'The deal is not proven for this keeper under this label.')
  }
  const requestHash = hashShareRequest(domain, request)
  if (!(await verifyDigest(request.session, requestHash, request.signature))) {
    throw new SluiceError('SIGNATURE_INVALID', 'The session did not sign this request.')
  }
  return requestHash
}

function isDealProven(ownKey: Hex, { label, index, deal }: SignedShareRequest): boolean {
  const publicKey = parseKeeperKey(ownKey)
  const commitment = decodePoint(deal.commitment)
  const encryptedShare = decodePoint(deal.encryptedShare)
  const challenge = decodeScalar(deal.challenge)
  const response = decodeScalar(deal.response)
  if (publicKey === undefined || commitment === undefined || encryptedShare === undefined) return false
  if (challenge === undefined || response === undefined || index > label.keeperCount) return false
  const statement = dealEquality(labelOf(label), { index, publicKey, commitment, encryptedShare })
  return verifyEquality(statement, { challenge, response })
}
