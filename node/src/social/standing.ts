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
import { createTimedCache } from '../chain/timed-cache.ts'

/** What was found to stand is believed for a minute; what was not, for the moment that a purchase takes to be mined. */
const STANDS_MS = 60_000
const FALLS_MS = 3000
const ABOUT_CONTENT = ['react', 'comment', 'view'].map((kind) => SOCIAL_ACTION_KINDS.findIndex((name) => name === kind))

export type StandingOptions = {
  readonly client: ReadClient
  readonly contracts: SluiceContracts
  /** Least stake, or escrow in the native coin, that lets a wallet speak of anything; wei. */
  readonly minStake: bigint
}

/** Whether a wallet may have others carry its words. */
export type Standing = (action: SocialAction) => Promise<boolean>

/**
 * What bounds how many wallets a spammer can speak for: to have a key of the content that the action is about, or to have created it;
 * or to have money at stake, in the node registry, from where it takes days to move on to the next wallet, or in escrow, from where that
 * costs the gas of a channel. A handle is none of these: it can be had without gas.
 */
export function createStanding({ client, contracts, minStake }: StandingOptions): Standing {
  const cache = createTimedCache<boolean>({ maxAgeMs: STANDS_MS, maxSize: 10_000 })

  async function remembered(key: string, ask: () => Promise<boolean>): Promise<boolean> {
    const known = cache.get(key)
    if (known !== undefined) return known
    const answer = await ask()
    cache.set(key, answer, answer ? Infinity : Date.now() + FALLS_MS)
    return answer
  }

  return async ({ wallet, kind, subject }) => {
    try {
      const isAboutContent = ABOUT_CONTENT.includes(kind)
      if (
        isAboutContent &&
        (await remembered(`${wallet}:${subject}`, () => hasKey(client, contracts, subject, wallet)))
      ) {
        return true
      }
      return await remembered(wallet, () => hasStake(client, contracts, wallet, minStake))
    } catch (error) {
      throw toChainError(error, 'standing')
    }
  }
}

async function hasKey(client: ReadClient, contracts: SluiceContracts, contentId: Hex, wallet: Address) {
  const keys = { address: contracts.keys, abi: contentKeysAbi } as const
  const registry = { address: contracts.registry, abi: metaHashRegistryAbi } as const
  const [creator, editions] = await Promise.all([
    readContract(client, { ...registry, functionName: 'creatorOf', args: [contentId] }).catch(nobodyIfUnknown),
    readContract(client, { ...keys, functionName: 'editionsOf', args: [contentId] }),
  ])
  if (creator?.toLowerCase() === wallet.toLowerCase()) return true
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
