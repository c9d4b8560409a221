import type { NodeClient } from '@sluice/node/api/client'
import { authorize, readSessionExpiry } from '@sluice/sdk/chain'
import type { SluiceContracts, WriteClient } from '@sluice/sdk/chain'

const WEEK_S = 7n * 86_400n
/** An authorisation that ends sooner than this is renewed rather than used. */
const MARGIN_S = 3_600n

type Options = { readonly contracts: SluiceContracts; readonly signal: AbortSignal }

/**
 * What it takes to let the own node speak for the wallet, so that it may grant free copies to seeders; undefined while
 * it may already. The authorisation has no limit to spend: the node cannot pay with it.
 */
export async function planAuthorisation(client: WriteClient, node: NodeClient, { contracts, signal }: Options) {
  const { session, price } = await node.status({ signal })
  const now = BigInt(Math.floor(Date.now() / 1000))
  const expiry = await readSessionExpiry(client, { contracts, payer: client.account.address, session })
  if (expiry > now + MARGIN_S) return undefined
  return () => authorize(client, { contracts, session, token: price.token, limit: 0n, expiry: now + WEEK_S, signal })
}
