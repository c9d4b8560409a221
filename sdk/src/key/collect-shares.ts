import type { Address } from 'viem'
import { untilAborted } from '../content/ordered.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { Session, SessionDomain } from '../session/index.ts'
import { createShareRequest } from './create-share-request.ts'
import type { VerifiedDeal, VerifiedLockbox } from './verify-lockbox.ts'
import { verifyShare } from './verify-share.ts'
import type { Share } from './verify-share.ts'

/** Why a keeper gave no usable share. */
export type KeeperFailure = { readonly peerId: string; readonly code: ErrorCode; readonly message: string }

export declare namespace collectShares {
  type Options = {
    readonly lockbox: VerifiedLockbox
    readonly wallet: Address
    readonly session: Session
    readonly domain: SessionDomain
    /** Carries an encoded request to a keeper and its answer back. */
    readonly requestShare: (
      keeperPeerId: string,
      request: Uint8Array,
      options: { signal: AbortSignal },
    ) => Promise<Uint8Array>
    /** Keepers to ask first, best first; by default the lockbox's order. */
    readonly preferred?: readonly string[]
    /** Milliseconds that one keeper has to answer; 5,000 by default. */
    readonly timeout?: number
    readonly signal?: AbortSignal
    /** Unix seconds. */
    readonly now?: () => number
    readonly onFailure?: (failure: KeeperFailure) => void
  }
}

const DEFAULT_TIMEOUT = 5000

/**
 * Asks keepers until the lockbox can be opened: one more than needed at a time, so that one slow keeper costs nothing,
 * and the next one for each that fails. A false share only costs its keeper its turn.
 * @throws NOT_ENOUGH_SHARES when too few gave one; `details.failures` says who failed and why. ABORTED by the signal.
 */
export async function collectShares(options: collectShares.Options): Promise<Share[]> {
  const { lockbox, preferred = [] } = options
  const done = new AbortController()
  const signal = options.signal === undefined ? done.signal : AbortSignal.any([options.signal, done.signal])
  const waiting = orderDeals(lockbox.deals, preferred)
  const shares: Share[] = []
  const hasEnded = (): boolean => signal.aborted
  const failures: KeeperFailure[] = []

  async function askInTurn(): Promise<void> {
    for (let deal = waiting.shift(); deal !== undefined && !hasEnded(); deal = waiting.shift()) {
      try {
        const share = await askKeeper(options, deal, signal)
        shares.push(share)
        if (shares.length === lockbox.threshold) done.abort()
        return
      } catch (error) {
        if (hasEnded()) return
        const failure = toFailure(deal.peerId, error)
        failures.push(failure)
        options.onFailure?.(failure)
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(lockbox.deals.length, lockbox.threshold + 1) }, askInTurn))
  if (options.signal?.aborted === true) throw new SluiceError('ABORTED', 'Opening the lockbox was aborted.')
  if (shares.length < lockbox.threshold) throw notEnough(shares.length, lockbox.threshold, failures)
  return shares
}

async function askKeeper(options: collectShares.Options, deal: VerifiedDeal, signal: AbortSignal): Promise<Share> {
  const { lockbox, wallet, session, domain, requestShare, timeout = DEFAULT_TIMEOUT } = options
  const now = options.now?.() ?? Math.floor(Date.now() / 1000)
  const pending = await createShareRequest({ lockbox, deal, wallet, session, domain, now })
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeout)])
  const response = await untilAborted(requestShare(deal.peerId, pending.encoded, { signal: limit }), limit)
  return verifyShare(pending, response)
}

function orderDeals(deals: readonly VerifiedDeal[], preferred: readonly string[]): VerifiedDeal[] {
  const rank = ({ peerId }: VerifiedDeal): number => (preferred.includes(peerId) ? preferred.indexOf(peerId) : Infinity)
  return deals.toSorted((left, right) => (rank(left) < rank(right) ? -1 : Number(rank(left) > rank(right))))
}

function toFailure(peerId: string, error: unknown): KeeperFailure {
  const message = error instanceof Error ? error.message : 'unknown'
  if (isSluiceError(error)) return { peerId, code: error.code, message }
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
  return { peerId, code: timedOut ? 'TIMEOUT' : 'NODE_UNREACHABLE', message }
}

function notEnough(have: number, need: number, failures: readonly KeeperFailure[]): SluiceError {
  const who = failures.map(({ peerId, code }) => `${peerId}: ${code}`).join(', ')
  return new SluiceError('NOT_ENOUGH_SHARES', `${have} of ${need} shares; ${who}.`, {
    hint: 'Try again later: keepers may be offline, or may not have seen your purchase confirmed yet.',
    details: { have, need, failures },
  })
}
