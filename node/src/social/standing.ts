import {
  contentKeysAbi,
  metaHashRegistryAbi,
  NATIVE_TOKEN,
  nodeRegistryAbi,
  readEscrow,
  toChainError,
} from '@sluice/sdk/chain'
import type { ReadClient, SluiceContracts } from '@sluice/sdk/chain'
import { SOCIAL_ACTION_KINDS } from '@sluice/sdk/social'
import type { SocialAction } from '@sluice/sdk/social'
import type { Address, Hex } from 'viem'
import { readContract } from 'viem/actions'
import type { Sessions } from '../chain/index.ts'
import { createTimedCache } from '../chain/timed-cache.ts'

/** What was found to stand is believed for a minute; what was not, for the moment that a purchase takes to be mined. */
const STANDS_MS = 60_000
const FALLS_MS = 3000
/** A new edition, or a new content, is seen after so long. */
const SOLD_MS = 10_000
const ABOUT_CONTENT = ['react', 'comment', 'view'].map((kind) => SOCIAL_ACTION_KINDS.findIndex((name) => name === kind))

export type StandingOptions = {
  readonly client: ReadClient
  readonly contracts: SluiceContracts
  readonly sessions: Pick<Sessions, 'expiry'>
  /** Least stake, or escrow in the native coin, that lets a wallet speak of anything; wei. */
  readonly minStake: bigint
}

/** Whether a wallet may have others carry its words; or that the session that signed these does not speak for it. */
export type Standing = (action: SocialAction) => Promise<'stands' | 'falls' | 'session-expired'>

/** A content's creator, where it has one, and the editions whose keys open it. */
type Sold = { readonly creator: Address | undefined; readonly editions: readonly bigint[] }

/**
 * What bounds how many wallets a spammer can speak for: to have a key of the content that the action is about, or to
 * have created it; or to have money at stake, in the node registry, from where it takes days to move on to the next
 * wallet, or in escrow, from where that costs the gas of a channel. A handle is none of these: it can be had without
 * gas. Asks for what costs fewest reads first.
 */
export function createStanding({ client, contracts, sessions, minStake }: StandingOptions): Standing {
  const cache = createTimedCache<boolean>({ maxAgeMs: STANDS_MS, maxSize: 10_000 })
  const sold = createTimedCache<Sold>({ maxAgeMs: SOLD_MS, maxSize: 1000 })

  async function remembered(key: string, ask: () => Promise<boolean>): Promise<boolean> {
    const known = cache.get(key)
    if (known !== undefined) return known
    const answer = await ask()
    cache.set(key, answer, answer ? Infinity : Date.now() + FALLS_MS)
    return answer
  }

  async function hasKeyOf(contentId: Hex, wallet: Address): Promise<boolean> {
    const known = sold.get(contentId)
    const read = known ?? (await readSold(client, contracts, contentId))
    if (known === undefined) sold.set(contentId, read)
    return hasKey(client, contracts, read, wallet)
  }

  return async ({ wallet, session, kind, subject, issuedAt }) => {
    try {
      // What a session says that had ended by then is never done; one that never was is no reason to ask for anything
      // else.
      if ((await sessions.expiry(wallet, session)) <= issuedAt) return 'session-expired'
      if (await remembered(wallet, () => hasStake(client, contracts, wallet, minStake))) return 'stands'
      if (!ABOUT_CONTENT.includes(kind)) return 'falls'
      return (await remembered(`${wallet}:${subject}`, () => hasKeyOf(subject, wallet))) ? 'stands' : 'falls'
    } catch (error) {
      throw toChainError(error, 'standing')
    }
  }
}

async function readSold(client: ReadClient, contracts: SluiceContracts, contentId: Hex): Promise<Sold> {
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const
  const registry = { address: contracts.registry, abi: metaHashRegistryAbi } as const
  const [creator, editions] = await Promise.all([
    readContract(client, { ...registry, functionName: 'creatorOf', args: [contentId] }).catch(nobodyIfUnknown),
    readContract(client, { ...keys, functionName: 'editionsOf', args: [contentId] }),
  ])
  return { creator, editions }
}

async function hasKey(client: ReadClient, contracts: SluiceContracts, { creator, editions }: Sold, wallet: Address) {
  if (creator?.toLowerCase() === wallet.toLowerCase()) return true
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const
  const held = await Promise.all(
    editions.map((id) => readContract(client, { ...keys, functionName: 'isEntitledBy', args: [id, wallet] })),
  )
  return held.includes(true)
}

/** Open content is in no registry: it has no creator there. */
function nobodyIfUnknown(error: unknown): undefined {
  const known = toChainError(error, 'creatorOf')
  if (known.code !== 'CONTENT_UNKNOWN') throw known
}

async function hasStake(client: ReadClient, contracts: SluiceContracts, wallet: Address, least: bigint) {
  const nodes = { address: contracts.nodes, abi: nodeRegistryAbi } as const
  const [{ amount, leaving }, { balance, withdrawal }] = await Promise.all([
    readContract(client, { ...nodes, functionName: 'stakeOf', args: [wallet] }),
    readEscrow(client, { contracts, payer: wallet, token: NATIVE_TOKEN }),
  ])
  // What is about to leave could stand for the next wallet in a moment.
  return amount - leaving >= least || balance - (withdrawal?.amount ?? 0n) >= least
}
