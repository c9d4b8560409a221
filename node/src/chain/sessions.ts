import { readSessionExpiry } from '@sluice/sdk/chain'
import type { ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { sessionId } from '@sluice/sdk/session'
import type { SessionPublicKey } from '@sluice/sdk/session'
import type { Address } from 'viem'
import { createTimedCache } from './timed-cache.ts'
import type { ChainWatcher } from './watcher.ts'

export type Sessions = {
  /** First unix second at which the session no longer speaks for the wallet; zero when it never did or was revoked. */
  expiry(wallet: Address, session: SessionPublicKey, options?: { readonly fresh?: boolean }): Promise<bigint>
  /** Calls back with a wallet one of whose sessions was granted or revoked, or with nothing when any may have been. */
  onChange(listener: (wallet: Address | undefined) => void): () => void
}

export function createSessions(client: ReadClient, contracts: SluiceContracts, watcher: ChainWatcher): Sessions {
  const cache = createTimedCache<bigint>({ maxAgeMs: 60_000, maxSize: 10_000 })
  const listeners = new Set<(wallet: Address | undefined) => void>()
  const tell = (wallet: Address | undefined): void => listeners.forEach((listener) => listener(wallet))

  watcher.onReorg(() => {
    cache.clear()
    tell(undefined)
  })
  watcher.onEvents((events) => {
    for (const event of events) {
      if (event.eventName !== 'SessionAuthorized' && event.eventName !== 'SessionRevoked') continue
      const { payer } = event.args
      cache.deleteWhere((key) => key.startsWith(payer.toLowerCase()))
      tell(payer)
    }
  })

  return {
    async expiry(wallet, session, { fresh = false } = {}) {
      const key = `${wallet.toLowerCase()}:${sessionId(session)}`
      const cached = fresh || !watcher.healthy() ? undefined : cache.get(key)
      if (cached !== undefined) return cached
      const expiry = await readSessionExpiry(client, { contracts, payer: wallet, session })
      cache.set(key, expiry)
      return expiry
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
