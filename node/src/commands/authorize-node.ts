import { authorize, depositAndAuthorize, readEscrow, readGrant } from '@sluice/sdk/chain'
import type { Context } from './context.ts'

const WEEK_SECONDS = 7n * 24n * 3600n
/** A grant that ends sooner than this is renewed rather than used. */
const MARGIN_SECONDS = 3600n

/** Lets the node's session speak for the wallet where nothing is paid: for grants to replicas and key requests. */
export async function authorizeNode(context: Context): Promise<void> {
  const { contracts, status, token, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const grant = await readGrant(publicClient, { contracts, payer: account.address, session: status.session, token })
  const time = now()
  if (grant.expiry > time + MARGIN_SECONDS) return
  context.output.note('Letting this node speak for your wallet for a week (it cannot spend).')
  await authorize(walletClient, {
    contracts,
    token,
    session: status.session,
    limit: 0n,
    expiry: time + WEEK_SECONDS,
    signal,
  })
}

/**
 * Makes sure that the node can pay up to `budget` for the wallet: a grant with as much left, and as much in escrow. What is
 * missing is deposited; what is not spent stays the wallet's.
 */
export async function fundNode(context: Context, budget: bigint): Promise<void> {
  const { contracts, status, token, signal } = context
  const { account, walletClient, publicClient } = await context.wallet()
  const wallet = { contracts, payer: account.address, token }
  const [escrow, grant] = await Promise.all([
    readEscrow(publicClient, wallet),
    readGrant(publicClient, { ...wallet, session: status.session }),
  ])
  const time = now()
  const missing = budget > escrow.balance ? budget - escrow.balance : 0n
  if (missing === 0n && grant.remaining >= budget && grant.expiry > time + MARGIN_SECONDS) return
  const terms = { contracts, token, session: status.session, limit: budget, expiry: time + WEEK_SECONDS, signal }
  await (missing > 0n
    ? depositAndAuthorize(walletClient, { ...terms, amount: missing })
    : authorize(walletClient, terms))
}

function now(): bigint {
  return BigInt(Math.floor(Date.now() / 1000))
}
