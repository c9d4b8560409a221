import { createHash } from 'node:crypto'
import { encodeAbiParameters, encodeEventTopics, numberToHex, pad } from 'viem'
import type { Abi, AbiEvent, Address, Hex } from 'viem'
import * as chain from '../../../../sdk/src/chain/index.ts'
import type { SluiceContracts } from '../../../../sdk/src/chain/index.ts'
import { createStory } from './index.ts'
import type { StoryEvent, StoryTransaction } from './index.ts'

/** A block's answers to JSON-RPC, as text: nothing is left to do but to put them together. */
export type StoredBlock = {
  /** The header as `eth_getBlockBy…` gives it, but for the closing brace and the transactions. */
  readonly header: string
  readonly hashes: string
  readonly transactions: string
  readonly logs: readonly StoredLog[]
}

export type StoredLog = { readonly address: string; readonly topic: string; readonly text: string }

/** Blocks from 0 to `head`; most hold nothing. */
export type StoredChain = {
  readonly head: number
  readonly block: (number: number) => StoredBlock | undefined
  readonly numberOf: (hash: string) => number | undefined
}

export declare namespace createStoryChain {
  type Options = {
    readonly contracts: SluiceContracts
    readonly events: number
    readonly eventsPerBlock: number
    /** Every so many blocks one holds something, as where others use the chain too. */
    readonly blocksApart: number
    /** Blocks after the last event. */
    readonly emptyBlocks: number
  }
}

const SEED = 1
const START = 1_750_000_000
const SECONDS_PER_BLOCK = 12
const ZERO_WORD: Hex = `0x${'00'.repeat(32)}`

// As plain ABIs: the compiler would work out every event's literal type, which takes it seconds.
const EVENTS: ReadonlyMap<string, AbiEvent> = new Map(
  Object.entries<Abi>({
    registry: chain.metaHashRegistryAbi,
    keys: chain.contentKeysAbi,
    market: chain.keyMarketAbi,
    channels: chain.sliceChannelsAbi,
    nodes: chain.nodeRegistryAbi,
    social: chain.socialGraphAbi,
  }).flatMap(([contract, abi]) =>
    abi.flatMap((item) => (item.type === 'event' ? [[`${contract}.${item.name}`, item] as const] : [])),
  ),
)

/** A chain on which the story happened, with headers, transactions and logs as a node gives them. */
export function createStoryChain(options: createStoryChain.Options): StoredChain {
  const { contracts, events, eventsPerBlock, blocksApart, emptyBlocks } = options
  const story = createStory(SEED, contracts.market)
  const blocks = new Map<number, StoredBlock>()
  let [made, number] = [0, 0]
  while (made < events) {
    number += blocksApart
    story.setTime(START + number * SECONDS_PER_BLOCK)
    const transactions: StoryTransaction[] = []
    let count = 0
    while (count < Math.min(eventsPerBlock, events - made)) {
      const transaction = story.next()
      const fitting = transaction.events.slice(0, events - made - count)
      transactions.push({ ...transaction, events: fitting })
      count += fitting.length
    }
    made += count
    blocks.set(number, makeBlock(number, transactions, contracts))
  }
  const head = number + emptyBlocks
  const hashes = new Map(Array.from({ length: head + 1 }, (_, at) => [blockHash(at), at]))
  return {
    head,
    numberOf: (hash) => hashes.get(hash as Hex),
    block: (at) => (at > head || at < 0 ? undefined : (blocks.get(at) ?? makeBlock(at, [], contracts))),
  }
}

function makeBlock(number: number, transactions: readonly StoryTransaction[], contracts: SluiceContracts): StoredBlock {
  const place = { blockHash: blockHash(number), blockNumber: numberToHex(number) }
  const logs: StoredLog[] = []
  const made = transactions.map((transaction, index) => {
    const hash = hashOf(`transaction ${number} ${index}`)
    const inTransaction = { ...place, transactionHash: hash, transactionIndex: numberToHex(index) }
    for (const event of transaction.events) {
      const encoded = { address: contracts[event.contract].toLowerCase(), ...encode(event) }
      const log = { ...encoded, ...inTransaction, logIndex: numberToHex(logs.length), removed: false }
      const blockTimestamp = numberToHex(timeOf(number))
      logs.push({ address: log.address, topic: log.topics[0] ?? '', text: JSON.stringify({ ...log, blockTimestamp }) })
    }
    return transactionOf(transaction, contracts[transaction.to], { hash, index, ...place })
  })
  return {
    header: JSON.stringify(headerOf(number)).slice(0, -1),
    hashes: JSON.stringify(made.map(({ hash }) => hash)),
    transactions: JSON.stringify(made),
    logs,
  }
}

function encode({ contract, name, args }: StoryEvent): { topics: Hex[]; data: Hex } {
  const event = EVENTS.get(`${contract}.${name}`)
  if (event === undefined) throw new RangeError(`${contract} has no event ${name}.`)
  const topics = encodeEventTopics({ abi: [event], args } as never) as Hex[]
  const plain = event.inputs.filter(({ indexed }) => indexed !== true)
  return { topics, data: encodeAbiParameters(plain, plain.map((input) => args[input.name ?? '']) as never) }
}

function headerOf(number: number): object {
  return {
    number: numberToHex(number),
    hash: blockHash(number),
    parentHash: number === 0 ? ZERO_WORD : blockHash(number - 1),
    timestamp: numberToHex(timeOf(number)),
    sha3Uncles: hashOf('uncles'),
    miner: pad('0x1', { size: 20 }),
    stateRoot: hashOf(`state ${number}`),
    transactionsRoot: hashOf(`transactions ${number}`),
    receiptsRoot: hashOf(`receipts ${number}`),
    logsBloom: `0x${'ff'.repeat(256)}`,
    difficulty: '0x0',
    gasLimit: '0x1c9c380',
    gasUsed: '0x5208',
    baseFeePerGas: '0x7',
    extraData: '0x',
    mixHash: hashOf(`mix ${number}`),
    nonce: '0x0000000000000000',
    size: '0x400',
    uncles: [],
    withdrawals: [],
    withdrawalsRoot: hashOf('withdrawals'),
  }
}

type Place = { readonly hash: Hex; readonly index: number; readonly blockHash: Hex; readonly blockNumber: Hex }

function transactionOf({ from, input }: StoryTransaction, to: Address, { index, ...place }: Place) {
  return {
    ...place,
    transactionIndex: numberToHex(index),
    type: '0x2',
    chainId: '0x7a69',
    nonce: '0x1',
    from: from.toLowerCase(),
    to: to.toLowerCase(),
    value: '0x0',
    gas: '0x5208',
    gasPrice: '0x3b9aca07',
    maxFeePerGas: '0x77359400',
    maxPriorityFeePerGas: '0x3b9aca00',
    input,
    accessList: [],
    v: '0x0',
    yParity: '0x0',
    r: hashOf(`r ${place.hash}`),
    s: hashOf(`s ${place.hash}`),
  }
}

function timeOf(number: number): number {
  return START + number * SECONDS_PER_BLOCK
}

function blockHash(number: number): Hex {
  return hashOf(`block ${number}`)
}

function hashOf(text: string): Hex {
  return `0x${createHash('sha256').update(text).digest('hex')}`
}
