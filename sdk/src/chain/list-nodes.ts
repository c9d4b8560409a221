import { SluiceError } from '../errors.ts'
import { nodeRegistryAbi } from './generated/node-registry.ts'
import { encodeRoles, toRegisteredNode } from './node-record.ts'
import type { NodeRole, RegisteredNode } from './node-record.ts'
import { read } from './read.ts'
import { readRegistryPlace } from './registry-place.ts'
import type { ReadClient, ReadOptions } from './types.ts'

/** What the registry answers at once. */
const MAX_LIMIT = 256
/** Half of it: a page of the largest nodes is then 8 million gas, which every endpoint computes. */
const DEFAULT_LIMIT = 128
/** A node without any role is out of service. */
const ANY_ROLE = 0xff

/**
 * Lists nodes in service in order of their first registration, a page of the registry at a time; what does not match is left out, so
 * a page may be short or empty before the end. Anybody can register, as often as it has accounts: `minStake` keeps the
 * crowd out.
 *
 * @throws `BAD_INPUT` for an offset below 0, a limit below 1, and fractions of either.
 */
export async function listNodes(client: ReadClient, options: listNodes.Options): Promise<listNodes.Result> {
  const { contracts, role, minStake = 0n, offset = 0, limit = DEFAULT_LIMIT } = options
  checkPage(offset, limit)
  const mask = role === undefined ? ANY_ROLE : encodeRoles([role])
  const nodes = { address: contracts.nodes, abi: nodeRegistryAbi } as const
  const args = [BigInt(offset), BigInt(Math.min(limit, MAX_LIMIT))] as const
  const [place, total, stored] = await Promise.all([
    readRegistryPlace(client, contracts),
    read(client, { ...nodes, functionName: 'nodeCount', args: [] }, options),
    read(client, { ...nodes, functionName: 'nodes', args }, options),
  ])
  const next = offset + stored.length
  const listed = stored
    // Before anything is verified: a proof costs milliseconds.
    .filter(({ node, stake }) => (node.roles & mask) !== 0 && stake.amount - stake.leaving >= minStake)
    .map((record) => toRegisteredNode(place, record))
  return stored.length === 0 || BigInt(next) >= total ? { nodes: listed } : { nodes: listed, nextOffset: next }
}

export declare namespace listNodes {
  type Options = ReadOptions & {
    /** Only nodes with this role. */
    readonly role?: NodeRole | undefined
    /** Least firm stake, in base units of the native coin; zero when left out. */
    readonly minStake?: bigint | undefined
    /** Place in the registry's list to start from; 0 when left out. */
    readonly offset?: number | undefined
    /** Places to look at; 128 when left out, 256 at most. */
    readonly limit?: number | undefined
  }
  type Result = {
    readonly nodes: readonly RegisteredNode[]
    /** Pass it as `offset` to go on; missing at the end. */
    readonly nextOffset?: number
  }
}

function checkPage(offset: number, limit: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(limit) && limit >= 1) return
  throw new SluiceError('BAD_INPUT', 'A page starts at place 0 or later and has at least one place.', {
    details: { offset, limit },
  })
}
