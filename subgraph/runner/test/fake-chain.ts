import { encodeAbiParameters, encodeEventTopics, keccak256, numberToHex, pad, parseAbi, toHex } from 'viem'
import type { Address, Hex } from 'viem'
import type { LogFilter, RpcBlock, RpcLog } from '../src/chain/types.ts'

/** What the events of a block say, before they are encoded. */
export type FakeEvent =
  | {
      readonly kind: 'put'
      readonly id: bigint
      readonly owner: Address
      readonly amount: bigint
      readonly name: string
    }
  | { readonly kind: 'removed'; readonly id: bigint }
  | { readonly kind: 'spawned'; readonly child: Address; readonly label: string }
  | { readonly kind: 'ping'; readonly child: Address; readonly value: bigint }

/** A chain in memory: it can be extended, and its end replaced. */
export type FakeChain = {
  /** Blocks from 0 to the head. */
  readonly blocks: readonly FakeBlock[]
  readonly head: () => FakeBlock
  /** Adds a block with these events, one transaction each. */
  readonly mine: (events: readonly FakeEvent[]) => FakeBlock
  /** Takes the last `count` blocks away; what is mined then has other hashes. */
  readonly revert: (count: number) => void
}

export type FakeBlock = { readonly block: RpcBlock; readonly logs: readonly RpcLog[] }

export const REGISTRY: Address = '0x1000000000000000000000000000000000000001'

const ABI = parseAbi([
  'event Put(uint256 indexed id, address indexed owner, int256 amount, string name, bytes data, bytes32[] tags, (uint64 stamp, bool flag) pair)',
  'event Removed(uint256 indexed id)',
  'event Spawned(address child, string label)',
  'event Ping(uint256 value)',
])
const [PUT, , SPAWNED, PING] = ABI
const WORD: Hex = `0x${'00'.repeat(32)}`
const SECONDS_PER_BLOCK = 12

export function createFakeChain(): FakeChain {
  const blocks: FakeBlock[] = []
  let forks = 0
  const mine = (events: readonly FakeEvent[]): FakeBlock => {
    const parent = blocks.at(-1)?.block
    const number = blocks.length
    const hash = keccak256(toHex(`${parent?.hash ?? ''} ${number} ${forks}`))
    const made = makeBlock(number, hash, parent?.hash ?? WORD, events)
    blocks.push(made)
    return made
  }
  mine([])
  return {
    blocks,
    head: () => blocks.at(-1)!,
    mine,
    revert: (count) => {
      forks += 1
      blocks.length -= count
    },
  }
}

function makeBlock(number: number, hash: Hex, parentHash: string, events: readonly FakeEvent[]): FakeBlock {
  const transactions = events.map((_, index) => ({
    hash: keccak256(toHex(`${hash} ${index}`)),
    transactionIndex: numberToHex(index),
    from: pad(numberToHex(index + 1), { size: 20 }),
    to: REGISTRY,
    value: '0x0',
    gas: '0x5208',
    gasPrice: '0x1',
    input: '0x',
    nonce: numberToHex(index),
  }))
  const logs = events.map((event, index) => ({
    ...encodeEvent(event),
    blockNumber: numberToHex(number),
    blockHash: hash,
    transactionHash: transactions[index]!.hash,
    transactionIndex: numberToHex(index),
    logIndex: numberToHex(index),
  }))
  return { block: { ...header(number, hash, parentHash), transactions }, logs }
}

function header(number: number, hash: Hex, parentHash: string): Omit<RpcBlock, 'transactions'> {
  return {
    number: numberToHex(number),
    hash,
    parentHash,
    timestamp: numberToHex(1_700_000_000 + number * SECONDS_PER_BLOCK),
    sha3Uncles: WORD,
    miner: pad('0x1', { size: 20 }),
    stateRoot: WORD,
    transactionsRoot: WORD,
    receiptsRoot: WORD,
    gasUsed: '0x0',
    gasLimit: '0x1c9c380',
    difficulty: '0x0',
    size: '0x200',
    baseFeePerGas: '0x7',
  }
}

function encodeEvent(event: FakeEvent): { address: string; topics: string[]; data: string } {
  switch (event.kind) {
    case 'put': {
      const { id, owner, amount, name } = event
      const topics = encodeEventTopics({ abi: [PUT], args: { id, owner } }) as Hex[]
      const tags = [keccak256(toHex(name)), keccak256(toHex(id))]
      const data = encodeAbiParameters(
        PUT.inputs.filter((input) => !('indexed' in input)),
        [amount, name, toHex(name), tags, { stamp: id, flag: amount >= 0n }] as never,
      )
      return { address: REGISTRY, topics, data }
    }
    case 'removed':
      return {
        address: REGISTRY,
        topics: encodeEventTopics({ abi: ABI, eventName: 'Removed', args: { id: event.id } }) as Hex[],
        data: '0x',
      }
    case 'spawned':
      return {
        address: REGISTRY,
        topics: encodeEventTopics({ abi: [SPAWNED] }) as Hex[],
        data: encodeAbiParameters(SPAWNED.inputs, [event.child, event.label]),
      }
    case 'ping':
      return {
        address: event.child,
        topics: encodeEventTopics({ abi: [PING] }) as Hex[],
        data: encodeAbiParameters(PING.inputs, [event.value]),
      }
  }
}

/** The logs of a block that a filter lets through. */
export function filterLogs(logs: readonly RpcLog[], filters: readonly LogFilter[]): RpcLog[] {
  return logs.filter((log) =>
    filters.some(
      ({ addresses, topics }) =>
        (addresses?.includes(log.address.toLowerCase()) ?? true) && topics.includes(log.topics[0] ?? ''),
    ),
  )
}
