import type { Address } from 'viem'
import { signDigest } from '../session/index.ts'
import type { Session, SessionSignature } from '../session/index.ts'
import { encodeDeed } from './deed.ts'
import type { SocialDeed } from './deed.ts'
import { hashSocialAction } from './typed-data.ts'
import type { SocialAction, SocialDomain } from './typed-data.ts'

/** An action with its session's signature: what anyone may submit. */
export type SignedSocialAction = { readonly action: SocialAction; readonly signature: SessionSignature }

/**
 * Signs a deed on a wallet's behalf. Whoever submits it can hold it back until the deadline, and no more.
 *
 * @throws `BAD_INPUT` for what is no handle.
 */
export async function signSocialAction(
  session: Session,
  { domain, deed, ...rest }: signSocialAction.Options,
): Promise<SignedSocialAction> {
  const action = { ...rest, session: session.publicKey, ...encodeDeed(deed) }
  return { action, signature: await signDigest(session, hashSocialAction(domain, action)) }
}

export declare namespace signSocialAction {
  type Options = {
    readonly domain: SocialDomain
    readonly wallet: Address
    readonly deed: SocialDeed
    /** From `createSocialNonces`. */
    readonly nonce: bigint
    /** Unix seconds, of the chain's latest block: the contract refuses what is ahead of its own time. */
    readonly issuedAt: bigint
    /** Unix seconds; the last at which it may be submitted. */
    readonly deadline: bigint
  }
}
