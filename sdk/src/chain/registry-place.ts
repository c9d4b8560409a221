import { getChainId } from 'viem/actions'
import { toChainError } from './chain-error.ts'
import type { RegistryPlace } from './node-record.ts'
import type { ReadClient, SluiceContracts } from './types.ts'

/** The place that keepers' proofs name: the client's chain, and the registry there. @throws `RPC_UNREACHABLE` */
export async function readRegistryPlace(client: ReadClient, contracts: SluiceContracts): Promise<RegistryPlace> {
  const chainId = await getChainId(client).catch((error: unknown) => {
    throw toChainError(error, 'chainId')
  })
  return { chainId, registry: contracts.nodes }
}
