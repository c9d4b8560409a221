import { RunnerError } from '../errors.ts'
import { RpcRefusal } from './rpc.ts'
import type { Rpc, RpcCall } from './rpc.ts'
import type { LogFilter, RpcBlock, RpcHeader, RpcLog } from './types.ts'

/** More logs than an endpoint gives at once: ask for fewer blocks. */
export class TooManyLogs extends Error {}

/** A chain, as the indexer asks it. Everything rejects with RPC_FAILED, or the signal's reason. */
export type ChainSource = {
  readonly head: () => Promise<RpcHeader>
  /** Of the chain as it is now; undefined above its head. */
  readonly headers: (numbers: readonly number[]) => Promise<(RpcHeader | undefined)[]>
  /** By hash, so also of blocks that were replaced if the endpoint still has them; undefined if not. */
  readonly header: (hash: string) => Promise<RpcHeader | undefined>
  /** In the order of the chain. Rejects with `TooManyLogs` too. */
  readonly logs: (filters: readonly LogFilter[], fromBlock: number, toBlock: number) => Promise<RpcLog[]>
  /** Logs and transactions of one block. Undefined if the endpoint does not have it. */
  readonly block: (
    hash: string,
    filters: readonly LogFilter[],
  ) => Promise<{ readonly block: RpcBlock; readonly logs: RpcLog[] } | undefined>
  /** Blocks with those of their transactions that `wanted` has; undefined where one is gone. */
  readonly blocks: (hashes: readonly string[], wanted: ReadonlySet<string>) => Promise<(RpcBlock | undefined)[]>
}

const BLOCKS_PER_REQUEST = 25

export function createChainSource(rpc: Rpc, signal: AbortSignal): ChainSource {
  const ask = (calls: readonly RpcCall[]) => rpc.batch(calls, signal)
  const byNumber = (number: string): RpcCall => ({ method: 'eth_getBlockByNumber', params: [number, false] })
  const byHash = (hash: string, isFull: boolean): RpcCall => ({ method: 'eth_getBlockByHash', params: [hash, isFull] })
  return {
    head: async () => {
      const [head] = await ask([byNumber('latest')])
      const header = toHeader(head)
      if (header === undefined) throw new RunnerError('RPC_FAILED', 'The endpoint has no head.')
      return header
    },
    headers: async (numbers) => (await ask(numbers.map((number) => byNumber(toQuantity(number))))).map(toHeader),
    header: async (hash) => toHeader((await ask([byHash(hash, false)]))[0]),
    logs: async (filters, fromBlock, toBlock) => {
      const range = { fromBlock: toQuantity(fromBlock), toBlock: toQuantity(toBlock) }
      try {
        return mergeLogs(await ask(filters.map((filter) => getLogs(filter, range))), (log) => {
          const number = Number(log.blockNumber)
          return number >= fromBlock && number <= toBlock
        })
      } catch (error) {
        if (error instanceof RpcRefusal) throw new TooManyLogs(error.message, { cause: error })
        throw error
      }
    },
    block: async (hash, filters) => {
      const calls = [byHash(hash, true), ...filters.map((filter) => getLogs(filter, { blockHash: hash }))]
      let answers: unknown[]
      try {
        answers = await ask(calls)
      } catch (error) {
        // A block that was replaced meanwhile is unknown, and asking for its logs an error (EIP-234).
        if (error instanceof RpcRefusal) return undefined
        throw error
      }
      const block = toBlock(answers[0])
      if (block?.hash !== hash) return undefined
      return { block, logs: mergeLogs(answers.slice(1), (log) => log.blockHash === hash) }
    },
    blocks: async (hashes, wanted) => {
      const blocks: (RpcBlock | undefined)[] = []
      for (let at = 0; at < hashes.length; at += BLOCKS_PER_REQUEST) {
        const some = hashes.slice(at, at + BLOCKS_PER_REQUEST)
        const answers = await ask(some.map((hash) => byHash(hash, true)))
        blocks.push(...answers.map((answer) => keepWanted(toBlock(answer), wanted)))
      }
      return blocks
    },
  }
}

function getLogs({ addresses, topics }: LogFilter, where: Readonly<Record<string, string>>): RpcCall {
  const address = addresses === undefined ? {} : { address: addresses }
  return { method: 'eth_getLogs', params: [{ ...where, ...address, topics: [topics] }] }
}

function toQuantity(number: number): string {
  return `0x${number.toString(16)}`
}

/** The logs of several filters in the chain's order, each once. */
function mergeLogs(answers: readonly unknown[], isAsked: (log: RpcLog) => boolean): RpcLog[] {
  const logs = new Map<string, RpcLog>()
  for (const answer of answers) {
    if (!Array.isArray(answer)) throw new RunnerError('RPC_FAILED', 'An endpoint gives logs that are no list.')
    for (const log of answer as unknown[]) {
      if (!isLog(log) || !isAsked(log)) throw new RunnerError('RPC_FAILED', 'An endpoint gives logs that are none.')
      logs.set(`${log.blockHash}:${log.logIndex}`, log)
    }
  }
  const order = (log: RpcLog) => Number(log.blockNumber)
  return [...logs.values()].sort(
    (left, right) => order(left) - order(right) || Number(left.logIndex) - Number(right.logIndex),
  )
}

function isHex(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('0x')
}

function hasHex(value: object, keys: readonly string[]): boolean {
  return keys.every((key) => isHex((value as Record<string, unknown>)[key]))
}

const LOG_KEYS = ['address', 'data', 'blockNumber', 'blockHash', 'transactionHash', 'transactionIndex', 'logIndex']
const HEADER_KEYS = ['number', 'hash', 'parentHash', 'timestamp']
const BLOCK_KEYS = ['sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'gasUsed', 'gasLimit']
const TRANSACTION_KEYS = ['hash', 'transactionIndex', 'from', 'value', 'gas', 'input', 'nonce']

function isLog(value: unknown): value is RpcLog {
  if (typeof value !== 'object' || value === null || !hasHex(value, LOG_KEYS)) return false
  return 'topics' in value && Array.isArray(value.topics) && value.topics.every(isHex)
}

function toHeader(value: unknown): RpcHeader | undefined {
  if (value === null) return undefined
  if (typeof value === 'object' && hasHex(value, HEADER_KEYS)) return value as RpcHeader
  throw new RunnerError('RPC_FAILED', 'An endpoint gives blocks that are none.')
}

function toBlock(value: unknown): RpcBlock | undefined {
  const header = toHeader(value)
  if (header === undefined) return undefined
  const { transactions } = header as Partial<RpcBlock>
  const isFull =
    Array.isArray(transactions) &&
    (transactions as unknown[]).every(
      (each) => typeof each === 'object' && each !== null && hasHex(each, TRANSACTION_KEYS),
    )
  if (isFull && hasHex(header, BLOCK_KEYS)) return header as RpcBlock
  throw new RunnerError('RPC_FAILED', 'An endpoint gives blocks without their transactions.')
}

function keepWanted(block: RpcBlock | undefined, wanted: ReadonlySet<string>): RpcBlock | undefined {
  return block && { ...block, transactions: block.transactions.filter(({ hash }) => wanted.has(hash)) }
}
