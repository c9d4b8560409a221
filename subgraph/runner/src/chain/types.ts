/** A block, as far as the store remembers it. */
export type BlockPointer = {
  readonly number: number
  /** Lower-case hex. */
  readonly hash: string
  /** Seconds since 1970. */
  readonly timestamp: number
}

/** A block's header as JSON-RPC gives it (https://ethereum.github.io/execution-apis): quantities and data in hex. */
export type RpcHeader = {
  readonly number: string
  readonly hash: string
  readonly parentHash: string
  readonly timestamp: string
  readonly sha3Uncles: string
  readonly miner: string
  readonly stateRoot: string
  readonly transactionsRoot: string
  readonly receiptsRoot: string
  readonly gasUsed: string
  readonly gasLimit: string
  readonly difficulty?: string
  readonly totalDifficulty?: string | null
  readonly size?: string
  readonly baseFeePerGas?: string | null
}

/** A block with its transactions, of which those without logs that matter may have been left out. */
export type RpcBlock = RpcHeader & { readonly transactions: readonly RpcTransaction[] }

export type RpcTransaction = {
  readonly hash: string
  readonly transactionIndex: string
  readonly from: string
  readonly to?: string | null
  readonly value: string
  readonly gas: string
  readonly gasPrice?: string
  readonly maxFeePerGas?: string
  readonly input: string
  readonly nonce: string
}

export type RpcLog = {
  readonly address: string
  readonly topics: readonly string[]
  readonly data: string
  readonly blockNumber: string
  readonly blockHash: string
  readonly transactionHash: string
  readonly transactionIndex: string
  readonly logIndex: string
}

/** A block with the logs of it that were asked for, in the order of their `logIndex`. */
export type BlockWithLogs = { readonly block: RpcBlock; readonly logs: readonly RpcLog[] }

/** What `eth_getLogs` is asked for: any of these addresses (undefined: all), and any of these in topic 0. */
export type LogFilter = { readonly addresses: readonly string[] | undefined; readonly topics: readonly string[] }
