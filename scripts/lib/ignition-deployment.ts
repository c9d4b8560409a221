import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress, isAddress } from 'viem'
import type { Address } from 'viem'
import { CONTRACT_NAMES } from '../../sdk/src/chain/index.ts'
import type { SubgraphNetwork, SubgraphSource } from './subgraph-manifest.ts'

/** A line of Ignition's journal that says in which block a contract came to be; there are others. */
type Confirmation = {
  readonly type: string
  readonly receipt?: { readonly blockNumber: number; readonly contractAddress?: string }
}

/**
 * Where a deployment that Ignition has finished put the contracts, and in which blocks.
 *
 * @param deployments The directory that holds all of them.
 * @throws Error when there is no such deployment, or a contract is missing in it: says what there is, or what to do.
 */
export async function readDeployment(deployments: string, id: string): Promise<SubgraphNetwork> {
  const directory = join(deployments, id)
  const addresses = await readAddresses(deployments, id)
  const blocks = readBlocks(await readFile(join(directory, 'journal.jsonl'), 'utf8'))
  const sources = Object.values(CONTRACT_NAMES).map((name): [string, SubgraphSource] => {
    const address = addresses[`Sluice#${name}`]
    const startBlock = address === undefined ? undefined : blocks.get(address)
    if (address === undefined || startBlock === undefined) {
      throw new Error(`${directory} has no ${name}: deploy again, which goes on where it stopped.`)
    }
    return [name, { address, startBlock }]
  })
  return Object.fromEntries(sources)
}

async function readAddresses(deployments: string, id: string): Promise<Record<string, Address>> {
  try {
    const text = await readFile(join(deployments, id, 'deployed_addresses.json'), 'utf8')
    const entries = Object.entries(JSON.parse(text) as Record<string, string>)
    return Object.fromEntries(entries.filter(([, value]) => isAddress(value)).map(([k, v]) => [k, getAddress(v)]))
  } catch (cause) {
    const known = await readdir(deployments).catch(() => [])
    const there = known.length === 0 ? 'it is empty' : `it has ${known.join(', ')}`
    throw new Error(`${join(deployments, id)} is no deployment, or not a finished one (${there}).`, { cause })
  }
}

/** The block of each contract's deployment, by its address. */
function readBlocks(journal: string): Map<Address, number> {
  const blocks = new Map<Address, number>()
  for (const line of journal.split('\n')) {
    if (line === '') continue
    const { type, receipt } = JSON.parse(line) as Confirmation
    if (type !== 'TRANSACTION_CONFIRM' || receipt?.contractAddress === undefined) continue
    blocks.set(getAddress(receipt.contractAddress), receipt.blockNumber)
  }
  return blocks
}
