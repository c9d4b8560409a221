import type { Address } from 'viem'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { toRegisteredKey } from './node-record.ts'
import type { RegisteredKey } from './node-record.ts'
import { read } from './read.ts'
import { readRegistryPlace } from './registry-place.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** Of an owner who sets keys all day; each is a request of its own. */
const DEFAULT_LIMIT = 64

/** Reads the keys that a keeper has set, oldest first, each with its proof checked for the peer that it names. */
export async function readKeeperKeys(
  client: ReadClient,
  options: readKeeperKeys.Options,
): Promise<readonly RegisteredKey[]> {
  const { contracts, owner, limit = DEFAULT_LIMIT } = options
  const nodes = { address: contracts.nodes, abi: nodeRegistryAbi } as const
  const [place, stored] = await Promise.all([
    readRegistryPlace(client, contracts),
    read(client, { ...nodes, functionName: 'keeperKeyCount', args: [owner] }, options),
  ])
  const count = Number(stored)
  const first = Math.max(count - limit, 0)
  const keys = await Promise.all(
    Array.from({ length: count - first }, (_, at) =>
      read(client, { ...nodes, functionName: 'keeperKeyOf', args: [owner, BigInt(first + at)] }, options),
    ),
  )
  return keys.map((key) => toRegisteredKey(place, owner, key))
}

export declare namespace readKeeperKeys {
  type Options = ReadOptions & {
    readonly owner: Address
    /** The newest so many; 64 when left out. */
    readonly limit?: number | undefined
  }
}
