import { randomBytes } from '@noble/hashes/utils.js'
import { bytesToHex } from 'viem'
import type { Address, Hex } from 'viem'
import { signDigest } from '../session/index.ts'
import type { Session, SessionDomain } from '../session/index.ts'
import { generateEphemeralKey } from './hpke.ts'
import type { EphemeralKey } from './hpke.ts'
import { dealBytes, encodeShareRequest, hashShareRequest } from './share-request.ts'
import type { ShareRequest } from './share-request.ts'
import type { VerifiedDeal, VerifiedLockbox } from './verify-lockbox.ts'

/** A request under way: what to send, and what it takes to read the answer. */
export type PendingShare = {
  readonly deal: VerifiedDeal
  /** Sent to the keeper. */
  readonly encoded: Uint8Array
  readonly requestHash: Hex
  readonly ephemeralKey: EphemeralKey
}

export declare namespace createShareRequest {
  type Options = {
    readonly lockbox: VerifiedLockbox
    readonly deal: VerifiedDeal
    readonly wallet: Address
    readonly session: Session
    readonly domain: SessionDomain
    /** Unix seconds. */
    readonly now: number
  }
}

/** Asks one keeper for its share, in the wallet's name; every request has its own ephemeral key and nonce. */
export async function createShareRequest(options: createShareRequest.Options): Promise<PendingShare> {
  const { lockbox, deal, wallet, session, domain, now } = options
  const ephemeralKey = await generateEphemeralKey()
  const request: ShareRequest = {
    keeper: deal.peerId,
    label: lockbox.preimage,
    index: deal.index,
    deal: dealBytes(deal),
    wallet,
    ephemeralKey: ephemeralKey.publicKey,
    nonce: bytesToHex(randomBytes(32)),
    issuedAt: now,
    session: session.publicKey,
  }
  const requestHash = hashShareRequest(domain, request)
  const signature = await signDigest(session, requestHash)
  return { deal, requestHash, ephemeralKey, encoded: encodeShareRequest({ ...request, signature }) }
}
