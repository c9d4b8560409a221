import { generateSession } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import type { Address } from 'viem'
import { readValue, updateValue } from './database.ts'

/**
 * The session of a wallet on a chain in this browser, made when there is none. WebCrypto keeps its private half: the
 * database holds a handle that signs and cannot be exported.
 */
export async function loadSession(wallet: Address, chainId: number): Promise<Session> {
  const key = `${String(chainId)} ${wallet.toLowerCase()}`
  const stored = await readValue<Session>('sessions', key)
  if (stored !== undefined) return stored
  const fresh = await generateSession()
  // Another tab may have been first; whoever was, both go on with the one that is stored.
  return updateValue<Session>('sessions', key, (first) => first ?? fresh)
}
