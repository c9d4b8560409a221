import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { ReadContractParameters } from 'viem'
import { toChainError } from './chain-error.ts'
import type { ReadClient, ReadOptions } from './types.ts'

type View = 'view' | 'pure'

/** A contract read, typed by its ABI. */
export type ContractRead<abi extends Abi | readonly unknown[], functionName extends ContractFunctionName<abi, View>> = {
  readonly address: Address
  readonly abi: abi
  readonly functionName: functionName
  readonly args: ContractFunctionArgs<abi, View, functionName>
}

/** Reads a contract. @throws `SluiceError` of whatever went wrong; see `toChainError`. */
export async function read<
  const abi extends Abi | readonly unknown[],
  functionName extends ContractFunctionName<abi, View>,
>(
  client: ReadClient,
  call: ContractRead<abi, functionName>,
  options: ReadOptions,
): Promise<ContractFunctionReturnType<abi, View, functionName>> {
  // viem cannot infer through our own type parameters; ContractRead has already checked the three against each other.
  const request = { ...call, blockNumber: options.blockNumber } as unknown as ReadContractParameters
  try {
    return (await readContract(client, request)) as ContractFunctionReturnType<abi, View, functionName>
  } catch (error) {
    throw toChainError(error, call.functionName)
  }
}
