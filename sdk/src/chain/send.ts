import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, Hash, Hex, TransactionReceipt } from 'viem'
import type { SimulateContractParameters, WriteContractParameters } from 'viem'
import { simulateContract, waitForTransactionReceipt, writeContract } from 'viem/actions'
import { SluiceError } from '../errors.ts'
import { toChainError } from './chain-error.ts'
import { erc20Abi } from './generated/erc20.ts'
import type { WriteClient, WriteOptions, WriteResult } from './types.ts'

type Mutability = 'nonpayable' | 'payable'

const DEFAULT_TIMEOUT_MS = 180_000

/** Errors that a token throws through our contracts. */
const tokenErrors = erc20Abi.filter((item) => item.type === 'error')

/** A contract call, typed by its ABI. */
export type ContractCall<
  abi extends Abi | readonly unknown[],
  functionName extends ContractFunctionName<abi, Mutability>,
> = {
  readonly address: Address
  readonly abi: abi
  readonly functionName: functionName
  readonly args: ContractFunctionArgs<abi, Mutability, functionName>
  readonly value?: bigint
  /** What follows the arguments, for those who read transactions; the contract reads over it. */
  readonly dataSuffix?: Hex
}

/**
 * Simulates a call, has it signed and sent, and waits until it is mined.
 *
 * @throws `SluiceError` of whatever went wrong; see {@link toChainError}. A revert is found by the simulation, before
 * anything is signed; one that only happens on chain is simulated again to learn its reason.
 */
export async function send<
  const abi extends Abi | readonly unknown[],
  functionName extends ContractFunctionName<abi, Mutability>,
>(client: WriteClient, call: ContractCall<abi, functionName>, options: WriteOptions): Promise<WriteResult> {
  // viem cannot infer through our own type parameters; ContractCall has already checked the three against each other.
  const request = {
    ...call,
    abi: [...call.abi, ...tokenErrors],
    account: client.account,
  } as unknown as SimulateContractParameters
  try {
    options.signal?.throwIfAborted()
    await simulateContract(client, request)
    const hash = await writeContract(client, {
      ...request,
      chain: client.chain ?? null,
    } as unknown as WriteContractParameters)
    options.onHash?.(hash)
    const receipt = await confirmed(client, hash, options)
    if (receipt.status === 'reverted') await explain(client, request, receipt, call.functionName)
    return { hash: receipt.transactionHash, receipt }
  } catch (error) {
    if (options.signal?.aborted) throw new SluiceError('ABORTED', `${call.functionName} was stopped.`, { cause: error })
    throw toChainError(error, call.functionName)
  }
}

async function confirmed(client: WriteClient, hash: Hash, options: WriteOptions): Promise<TransactionReceipt> {
  const { confirmations = 1, timeout = DEFAULT_TIMEOUT_MS, signal } = options
  const receipt = waitForTransactionReceipt(client, { hash, confirmations, timeout })
  if (!signal) return receipt

  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([receipt, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
    // A wait that lost the race may still time out; nobody is left to hear of it.
    receipt.catch(() => undefined)
  }
}

/** Throws the reason of a transaction that reverted on chain, as far as a simulation at its block can tell. */
async function explain(
  client: WriteClient,
  request: SimulateContractParameters,
  receipt: TransactionReceipt,
  action: string,
): Promise<never> {
  await simulateContract(client, {
    ...request,
    blockNumber: receipt.blockNumber,
  } as SimulateContractParameters)
  throw new SluiceError('CHAIN_REVERT', 'The transaction was mined but reverted.', {
    details: { action, errorName: 'unknown', args: [], hash: receipt.transactionHash },
  })
}
