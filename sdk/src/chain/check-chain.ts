import { getChainId, getCode } from 'viem/actions'
import { SluiceError } from '../errors.ts'
import { toChainError } from './chain-error.ts'
import type { ReadClient, SluiceContracts } from './types.ts'

/**
 * Makes sure that a client talks to the chain that is meant, and that the contracts are there.
 *
 * @throws `WRONG_CHAIN`, `RPC_UNREACHABLE`.
 */
export async function checkChain(client: ReadClient, { chainId, contracts }: checkChain.Options): Promise<void> {
  const actual = await getChainId(client).catch((error: unknown) => {
    throw toChainError(error, 'checkChain')
  })
  if (actual !== chainId) {
    throw new SluiceError('WRONG_CHAIN', `This is chain ${actual}, not chain ${chainId}.`, {
      hint: `Switch the wallet or the RPC endpoint to chain ${chainId}.`,
      details: { actual, expected: chainId },
    })
  }
  if (contracts !== undefined) await checkContracts(client, contracts, chainId)
}

export declare namespace checkChain {
  type Options = {
    readonly chainId: number
    /** Looked up for code where given. */
    readonly contracts?: SluiceContracts | undefined
  }
}

async function checkContracts(client: ReadClient, contracts: SluiceContracts, chainId: number): Promise<void> {
  for (const [name, address] of Object.entries(contracts)) {
    const code = await getCode(client, { address }).catch((error: unknown) => {
      throw toChainError(error, 'checkChain')
    })
    if (code === undefined) {
      throw new SluiceError('WRONG_CHAIN', `There is no contract at ${address} on chain ${chainId}.`, {
        details: { name, address, chainId },
      })
    }
  }
}
