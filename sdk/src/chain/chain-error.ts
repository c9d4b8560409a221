import {
  BaseError,
  ChainMismatchError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  HttpRequestError,
  InsufficientFundsError,
  SocketClosedError,
  TimeoutError,
  UserRejectedRequestError,
  WebSocketRequestError,
  WaitForTransactionReceiptTimeoutError,
} from 'viem'
import { SluiceError } from '../errors.ts'
import { revertCode, revertSentence } from './revert-reasons.ts'

/** How nodes that viem does not recognise say that the sender cannot pay. */
const CANNOT_PAY = /insufficient funds|doesn't have enough funds|exceeds .*balance/i

const MAX_REASON = 300

/**
 * Turns whatever viem threw into a {@link SluiceError}: a decoded revert keeps its name and arguments in `details`.
 * What already is one passes through.
 */
export function toChainError(error: unknown, action: string): SluiceError {
  if (error instanceof SluiceError) return error
  if (error instanceof DOMException && error.name === 'AbortError') {
    return new SluiceError('ABORTED', `${action} was stopped.`, { cause: error })
  }
  if (!(error instanceof BaseError)) return new SluiceError('INTERNAL', `${action} failed.`, { cause: error })
  return revertError(error, action) ?? walletError(error) ?? transportError(error) ?? unknownError(error, action)
}

function has(error: BaseError, ...types: readonly (new (...args: never[]) => Error)[]): boolean {
  return error.walk((cause) => types.some((type) => cause instanceof type)) !== null
}

function revertError(error: BaseError, action: string): SluiceError | undefined {
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  if (!(revert instanceof ContractFunctionRevertedError)) return undefined
  const { data } = revert
  if (data === undefined || isBuiltIn(data.errorName)) return plainRevert(error, revert, action)
  const { errorName, args = [] } = data
  const details = { action, errorName, args }
  return new SluiceError(revertCode(errorName, args), revertSentence(errorName, args), { cause: error, details })
}

/** Solidity's own: a `require` with a text, or an arithmetic or array error. */
function isBuiltIn(errorName: string): boolean {
  return errorName === 'Error' || errorName === 'Panic'
}

function plainRevert(error: BaseError, { data, reason, raw }: ContractFunctionRevertedError, action: string) {
  if (reason !== undefined && CANNOT_PAY.test(reason)) return cannotPay(error)
  const details = { action, errorName: data?.errorName ?? 'unknown', args: data?.args ?? [], data: raw }
  return new SluiceError('CHAIN_REVERT', reasonOf(reason), { cause: error, details })
}

/** A contract may be a stranger's, and give any text of any length. */
function reasonOf(reason: string | undefined): string {
  return reason?.slice(0, MAX_REASON).toWellFormed() ?? 'The contract refused without a reason.'
}

function walletError(error: BaseError): SluiceError | undefined {
  if (has(error, UserRejectedRequestError)) {
    return new SluiceError('USER_REJECTED', 'The wallet’s owner declined.', { cause: error })
  }
  if (has(error, InsufficientFundsError) || CANNOT_PAY.test(error.message)) return cannotPay(error)
  if (has(error, ChainMismatchError)) {
    return new SluiceError('WRONG_CHAIN', 'The wallet is on another chain.', {
      cause: error,
      hint: 'Switch the wallet to the network that this content is sold on.',
    })
  }
  return undefined
}

function transportError(error: BaseError): SluiceError | undefined {
  if (has(error, ContractFunctionZeroDataError)) {
    return new SluiceError('WRONG_CHAIN', 'There is no such contract at this address on this chain.', { cause: error })
  }
  if (has(error, WaitForTransactionReceiptTimeoutError)) {
    return new SluiceError('TIMEOUT', 'The transaction was sent but is not mined yet.', { cause: error })
  }
  if (has(error, HttpRequestError, WebSocketRequestError, SocketClosedError, TimeoutError)) {
    return new SluiceError('RPC_UNREACHABLE', 'The chain’s RPC endpoint does not answer.', { cause: error })
  }
  return undefined
}

function cannotPay(error: BaseError): SluiceError {
  return new SluiceError('INSUFFICIENT_FUNDS', 'The wallet cannot pay for this transaction and its gas.', {
    cause: error,
  })
}

function unknownError(error: BaseError, action: string): SluiceError {
  return new SluiceError('CHAIN_REVERT', `${action} failed: ${error.shortMessage}`, {
    cause: error,
    details: { action },
  })
}
