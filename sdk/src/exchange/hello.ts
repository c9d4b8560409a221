import type { CID } from 'multiformats/cid'
import { bytesToHex, zeroAddress } from 'viem'
import type { Address, Hex } from 'viem'
import { hashHello, signDigest } from '../session/index.ts'
import type { Hello, ReplicationGrant, Session, SessionDomain } from '../session/index.ts'
import type { HelloMessage, SignedGrant } from '../wire/index.ts'

/** Longest life of a Hello, seconds: a stolen one is of no use for long, and clocks may differ by minutes. */
export const MAX_HELLO_AHEAD = 600n

/** A Hello's life, seconds: clocks may differ by as much as is left to what a server allows. */
const HELLO_LIFETIME = 300n

/** Answers a server's challenge, signed when there is somebody to speak for. */
export async function createHello(options: createHello.Options, challenge: Hex): Promise<HelloMessage> {
  const { peerId, root, domain, payer, grant } = options
  const hello: HelloMessage = {
    type: 'hello',
    challenge,
    serverPeerId: peerId,
    clientId: options.clientId ?? bytesToHex(crypto.getRandomValues(new Uint8Array(32))),
    root,
    chainId: BigInt(domain.chainId),
    expiry: BigInt(Math.floor(Date.now() / 1000)) + HELLO_LIFETIME,
    ...(grant && { grant }),
  }
  if (payer === undefined) return hello
  const { wallet, session } = payer
  const signature = await signDigest(session, hashHello(domain, helloStruct(hello, wallet)))
  return { ...hello, identity: { wallet, session: session.publicKey, signature } }
}

export declare namespace createHello {
  type Options = {
    peerId: string
    root: CID
    domain: SessionDomain
    clientId?: Hex
    payer?: { readonly wallet: Address; readonly session: Session }
    grant?: SignedGrant
  }
}

/** The EIP-712 struct of a Hello, about to be signed for `wallet` or signed; an anonymous one speaks for nobody. */
export function helloStruct(message: HelloMessage, wallet?: Address): Hello {
  const { challenge, serverPeerId, clientId, chainId, expiry } = message
  const speaker = wallet ?? message.identity?.wallet ?? zeroAddress
  return { challenge, serverPeerId, clientId, root: bytesToHex(message.root.bytes), wallet: speaker, chainId, expiry }
}

/** The EIP-712 struct of the grant that a Hello shows. */
export function grantStruct({ root }: HelloMessage, grant: SignedGrant): ReplicationGrant {
  const { peerId, wallet, maxBytes, until } = grant
  return { root: bytesToHex(root.bytes), peerId, wallet, maxBytes, until }
}
