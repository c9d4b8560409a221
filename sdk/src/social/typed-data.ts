import { hashTypedData } from 'viem'
import type { Address, Hex, TypedDataDomain } from 'viem'
import type { SessionPublicKey } from '../session/index.ts'

/** The EIP-712 struct that a session signs for the social graph; verified on chain. */
export const SOCIAL_TYPES = {
  SocialAction: [
    { name: 'wallet', type: 'address' },
    { name: 'qx', type: 'bytes32' },
    { name: 'qy', type: 'bytes32' },
    { name: 'kind', type: 'uint8' },
    { name: 'subject', type: 'bytes32' },
    { name: 'value', type: 'bytes32' },
    { name: 'parent', type: 'bytes32' },
    { name: 'nonce', type: 'uint256' },
    { name: 'issuedAt', type: 'uint64' },
    { name: 'deadline', type: 'uint64' },
  ],
} as const

/** What a session asks for on its wallet's behalf, as the contract takes it; see `ISocialGraph.Action`. */
export type SocialAction = {
  readonly wallet: Address
  readonly session: SessionPublicKey
  readonly kind: number
  readonly subject: Hex
  readonly value: Hex
  readonly parent: Hex
  /** Any number that the wallet has not used, in any order. */
  readonly nonce: bigint
  /** Unix seconds; not ahead of the chain's time when the action lands. */
  readonly issuedAt: bigint
  /** Unix seconds; the last at which the action may be submitted. */
  readonly deadline: bigint
}

/** The chain and the SocialGraph contract under which a session signs. */
export type SocialDomain = { readonly chainId: number; readonly social: Address }

/** The EIP-712 domain of social actions; not that of what is paid. */
export function socialTypedDataDomain({ chainId, social }: SocialDomain): TypedDataDomain {
  return { name: 'Sluice Social', version: '1', chainId, verifyingContract: social }
}

/** The digest that a session signs. */
export function hashSocialAction(domain: SocialDomain, { session, ...action }: SocialAction): Hex {
  return hashTypedData({
    domain: socialTypedDataDomain(domain),
    types: SOCIAL_TYPES,
    primaryType: 'SocialAction',
    message: { ...action, qx: session.qx, qy: session.qy },
  })
}
