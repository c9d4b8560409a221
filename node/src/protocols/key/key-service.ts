import { isSluiceError } from '@sluice/sdk'
import {
  answerShareRequest,
  decodeShareRequest,
  encodeShareResponse,
  keeperPublicKey,
  proveKeeperKey,
  REFUSALS,
  verifyShareRequest,
} from '@sluice/sdk/key'
import type { KeeperIdentity, Refusal, ShareDecision, SignedShareRequest } from '@sluice/sdk/key'
import type { SessionDomain, SessionPublicKey } from '@sluice/sdk/session'
import type { Address, Hex } from 'viem'
import type { Log } from '../../log.ts'
import { createRateLimiter } from '../../net/rate-limiter.ts'
import { createOpeningLimits } from './opening-limits.ts'

/** What a keeper asks the chain, for every request anew, at the depth that it takes for certain. */
export type KeeperChain = {
  /** Whether the wallet has this very edition: a balance, or a term that has not ended. */
  isEntitledBy(editionId: bigint, wallet: Address): Promise<boolean>
  /** First unix second at which the session no longer speaks for the wallet; zero when it never did. */
  sessionExpiry(wallet: Address, session: SessionPublicKey): Promise<bigint>
}

export type KeyServiceOptions = {
  /** The keeper's secret, 32 bytes; see `generateKeeperKey`. */
  readonly keeperKey: Uint8Array
  /** This node's libp2p peer id, text. */
  readonly peerId: string
  readonly domain: SessionDomain
  readonly contentKeys: Address
  readonly chain: KeeperChain
  readonly limits?: Partial<KeyServiceLimits>
  readonly log: Log
  /** Unix seconds. */
  readonly now?: () => number
}

export type KeyServiceLimits = {
  /** Shares given to one holder for one edition within an hour. */
  readonly openingsPerHour: number
  /** Seconds that a request's clock may be off, either way. */
  readonly clockSkew: number
  /** Requests of one caller, whatever they ask. */
  readonly requestsPerMinute: number
  /** Requests answered at once. */
  readonly concurrency: number
}

/** What a keeper says of itself. */
export type KeeperAnnouncement = { readonly peerId: string; readonly publicKey: Hex; readonly proof: Hex }

const DEFAULT_LIMITS: KeyServiceLimits = {
  openingsPerHour: 20,
  clockSkew: 120,
  requestsPerMinute: 120,
  concurrency: 32,
}

/**
 * A keeper: gives its share of a lockbox to whoever holds the edition's key now. It keeps its own secret and counters
 * of the last hour, and nothing of any lockbox.
 */
export function createKeyService(options: KeyServiceOptions) {
  const { keeperKey, peerId, domain, contentKeys, chain, log } = options
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const now = options.now ?? (() => Math.floor(Date.now() / 1000))
  const openings = createOpeningLimits(limits)
  const callers = createRateLimiter(limits.requestsPerMinute)
  const publicKey = keeperPublicKey(keeperKey)
  const place = { peerId, chainId: domain.chainId, contentKeys }
  const announcement: KeeperAnnouncement = { peerId, publicKey, proof: proveKeeperKey(keeperKey, place) }
  const identity: KeeperIdentity = { peerId, publicKey, domain, contentKeys }
  let running = 0

  async function decide(request: SignedShareRequest): Promise<ShareDecision> {
    if (!openings.isFresh(request, now())) return { refusal: 'REQUEST_STALE' }
    const requestHash = await verifyShareRequest(identity, request)
    const { wallet, session, label } = request
    const [expiry, entitled] = await Promise.all([
      chain.sessionExpiry(wallet, session),
      chain.isEntitledBy(label.editionId, wallet),
    ])
    if (expiry === 0n) return { refusal: 'SESSION_FOREIGN' }
    if (expiry <= BigInt(now())) return { refusal: 'SESSION_EXPIRED' }
    if (!entitled) return { refusal: 'NOT_ENTITLED' }
    const refusal = openings.admit(request, now())
    return refusal === undefined ? { grant: requestHash } : { refusal }
  }

  async function respond(encoded: Uint8Array): Promise<Uint8Array> {
    const request = decodeShareRequest(encoded)
    const decision = await decide(request)
    const response = await answerShareRequest(keeperKey, request, decision)
    log.info(factsOf(request, decision), 'answered a key request')
    return response
  }

  return {
    /** The keeper's public parts, for discovery. */
    info: (): KeeperAnnouncement => announcement,

    /**
     * Answers one encoded request; every failure is an encoded refusal. `caller` is who sent it, a peer id or an address
     * prefix, for the rate limit alone.
     */
    async answer(encoded: Uint8Array, { caller }: { caller: string }): Promise<Uint8Array> {
      if (running >= limits.concurrency || !callers.take(caller))
        return encodeShareResponse({ refusal: 'RATE_LIMITED' })
      running += 1
      try {
        return await respond(encoded)
      } catch (error) {
        log.debug({ err: error, caller }, 'refused a key request')
        return encodeShareResponse({ refusal: toRefusal(error) })
      } finally {
        running -= 1
      }
    },
  }
}

export type KeyService = ReturnType<typeof createKeyService>

function factsOf({ wallet, label }: SignedShareRequest, decision: ShareDecision): Record<string, unknown> {
  const { editionId, version, epoch } = label
  const outcome = 'refusal' in decision ? decision.refusal : 'granted'
  return { wallet, editionId: String(editionId), version, epoch, outcome }
}

function toRefusal(error: unknown): Refusal {
  return REFUSALS.find((code) => isSluiceError(error, code)) ?? 'INTERNAL'
}
