import type { PeerId } from '@libp2p/interface'
import { SluiceError } from '@sluice/sdk'
import { isSupportedCid } from '@sluice/sdk/content'
import { hashReplicationGrant, signDigest } from '@sluice/sdk/session'
import type { Session, SessionDomain } from '@sluice/sdk/session'
import type { SignedGrant } from '@sluice/sdk/wire'
import { CID } from 'multiformats/cid'
import { bytesToHex } from 'viem'
import type { Entitlements, Sessions } from '../../chain/index.ts'
import type { NodeConfig } from '../../config.ts'
import type { Log } from '../../log.ts'
import type { Host } from '../../net/host.ts'
import { createRateLimiter } from '../../net/rate-limiter.ts'
import { askPeer, serveRequests } from '../../net/request.ts'
import type { Store } from '../../store/index.ts'
import { decodeGrant, encodeGrant, MAX_GRANT_BYTES } from './grant-codec.ts'

/** `/sluice/grant/1.0.0`: a root's CID bytes → a signed grant for the asking peer, or nothing. */
const GRANT_PROTOCOL = '/sluice/grant/1.0.0'

const MAX_CID_BYTES = 64
/** Each grant costs a look at the chain and a signature. */
const PER_MINUTE = 60
const INVITED_MS = 3_600_000

export type GrantProtocolOptions = {
  readonly host: Host
  readonly store: Pick<Store, 'get'>
  readonly entitlements: Pick<Entitlements, 'creatorOf'>
  readonly sessions: Sessions
  readonly session: Session
  readonly domain: SessionDomain
  readonly policy: NodeConfig['replication']
  readonly log: Log
}

/** Lets peers copy, free of charge and by policy, what a creator uploaded here, and asks others for the same. */
export async function createGrantProtocol(options: GrantProtocolOptions) {
  const { host, log } = options
  const limiter = createRateLimiter(PER_MINUTE)
  const invited = new Map<string, number>()
  const limits = { maxRequestBytes: MAX_CID_BYTES, maxResponseBytes: MAX_GRANT_BYTES }
  const isInvited = (root: string, peerId: string): boolean => (invited.get(`${peerId} ${root}`) ?? 0) > Date.now()
  await serveRequests(host, { protocol: GRANT_PROTOCOL, ...limits, log }, async (request, peer) => {
    const grant = limiter.take(peer.toString())
      ? await grantTo(options, CID.decode(request), peer, isInvited)
      : undefined
    return grant === undefined ? new Uint8Array() : encodeGrant(grant)
  })
  return {
    /** Grants a peer this one root for an hour, whatever the policy: it was offered the content. */
    invite(root: string, peerId: string): void {
      for (const [key, until] of invited) if (until <= Date.now()) invited.delete(key)
      invited.set(`${peerId} ${root}`, Date.now() + INVITED_MS)
    },
    /** The peer does not take it: only the policy counts again. A grant that it was given already stands until its end. */
    withdraw: (root: string, peerId: string): void => void invited.delete(`${peerId} ${root}`),
    /** A grant for this node from the peer at which the content was uploaded; `undefined` when it gives none. */
    async ask(peer: PeerId, root: CID, signal: AbortSignal): Promise<SignedGrant | undefined> {
      const asked = { protocol: GRANT_PROTOCOL, maxResponseBytes: MAX_GRANT_BYTES, signal }
      const response = await askPeer(host, peer, root.bytes, asked)
      if (response.length === 0) return undefined
      const grant = decodeGrant(response)
      if (grant.peerId === host.peerId.toString()) return grant
      throw new SluiceError('PROTOCOL_VIOLATION', 'The peer granted it to somebody else.')
    },
    stop: () => host.unhandle(GRANT_PROTOCOL),
  }
}

export type GrantProtocol = Awaited<ReturnType<typeof createGrantProtocol>>

async function grantTo(
  options: GrantProtocolOptions,
  root: CID,
  peer: PeerId,
  isInvited: (root: string, peerId: string) => boolean,
): Promise<SignedGrant | undefined> {
  const { store, entitlements, sessions, session, domain, policy, log } = options
  const peerId = peer.toString()
  const content = isSupportedCid(root) ? store.get(root.toString()) : undefined
  if (content?.origin !== true || content.byteLength > policy.maxBytes) return undefined
  if (!allows(policy, peerId) && !isInvited(content.root, peerId)) return undefined
  const wallet = await entitlements.creatorOf(content.root)
  if (wallet === undefined) return undefined
  // Only with a session that the creator's wallet authorised does this node speak for it.
  const now = BigInt(Math.floor(Date.now() / 1000))
  const expiry = await sessions.expiry(wallet, session.publicKey)
  if (expiry <= now) return undefined
  const wished = now + BigInt(policy.grantSeconds)
  const terms = { peerId, wallet, maxBytes: BigInt(policy.maxBytes), until: wished < expiry ? wished : expiry }
  const digest = hashReplicationGrant(domain, { root: bytesToHex(root.bytes), ...terms })
  const signature = await signDigest(session, digest)
  log.info({ root: content.root, peerId }, 'granted a free copy')
  return { ...terms, session: session.publicKey, signature }
}

function allows({ policy, peers }: NodeConfig['replication'], peerId: string): boolean {
  return policy === 'any' || (policy === 'peers' && peers.includes(peerId))
}
