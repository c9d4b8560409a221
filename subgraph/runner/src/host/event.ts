import type { AbiEvent } from 'viem'
import type { RpcBlock, RpcLog, RpcTransaction } from '../chain/types.ts'
import { RunnerError } from '../errors.ts'
import { UndecodableError, compileParameter } from './ethereum-values.ts'
import type { Codec } from './ethereum-values.ts'
import { TYPE } from './heap.ts'
import type { Heap, Pointer, Template, TypeIndex } from './heap.ts'
import { decodeHex } from './hex-bytes.ts'

/** Writes an `ethereum.Event`, or throws `UndecodableError` where the log is not of this event. */
export type WriteEvent = (heap: Heap, block: RpcBlock, transaction: RpcTransaction, log: RpcLog) => Pointer

const WORD = 4
const TOPIC_BYTES = 32

type Parameter = { readonly name: string; readonly isIndexed: boolean; readonly codec: Codec }

/**
 * Compiles an event of an ABI. Indexed values of dynamic types are their hash, as FIXED_BYTES
 * (https://docs.soliditylang.org/en/latest/abi-spec.html#events; alloy's `DynSolEvent::decode_log`, which graph-node uses).
 */
export function compileEvent(event: AbiEvent, place: WritePlace): WriteEvent {
  const hash = compileParameter({ type: 'bytes32' })
  const parameters = event.inputs.map((input): Parameter => {
    const isIndexed = input.indexed === true
    const isHashed = isIndexed && (/[[\]]/.test(input.type) || ['tuple', 'bytes', 'string'].includes(input.type))
    return { name: input.name ?? '', isIndexed, codec: isHashed ? hash : compileParameter(input) }
  })
  const topics = parameters.filter(({ isIndexed }) => isIndexed).length + (event.anonymous === true ? 0 : 1)
  return (heap, block, transaction, log) => {
    if (log.topics.length !== topics) throw new UndecodableError()
    const blockAt = place.writeBlock(heap, block)
    const transactionAt = place.writeTransaction(heap, transaction)
    const index = quantity(heap, log.logIndex)
    return struct(heap, TYPE.event, [
      bytes(heap, log.address),
      index,
      // graph-node gives the log's index here too (chain/ethereum/src/trigger.rs, `transaction_log_index`).
      quantity(heap, log.logIndex),
      0,
      blockAt,
      transactionAt,
      writeParameters(heap, parameters, log, event.anonymous === true ? 0 : 1),
      0,
    ])
  }
}

function writeParameters(heap: Heap, parameters: readonly Parameter[], log: RpcLog, firstTopic: number): Pointer {
  const data = toScratch(log.data)
  let [head, topic] = [0, firstTopic]
  const pointers = parameters.map(({ name, isIndexed, codec }) => {
    const value = isIndexed
      ? codec.write(heap, toTopic(log.topics[topic++] ?? ''), 0, 0)
      : codec.write(heap, data, head, 0)
    if (!isIndexed) head += codec.headBytes
    return struct(heap, TYPE.eventParam, [heap.writeName(name), value])
  })
  return heap.writePointers(TYPE.arrayEventParam, pointers)
}

/** Writes what the events of one module have in common. */
export type WritePlace = {
  readonly writeBlock: (heap: Heap, block: RpcBlock) => Pointer
  readonly writeTransaction: (heap: Heap, transaction: RpcTransaction) => Pointer
}

export function createWritePlace(): WritePlace {
  return { writeBlock: rememberLast(writeBlockObject), writeTransaction: rememberLast(writeTransactionObject) }
}

/** Consecutive events share their block, and often their transaction: what was written is copied. */
function rememberLast<T extends object>(write: (heap: Heap, from: T) => Pointer): (heap: Heap, from: T) => Pointer {
  let last: T | undefined
  let template: Template = { start: 0, result: 0 }
  return (heap, from) => {
    if (from !== last) [last, template] = [from, { start: 0, result: 0 }]
    return heap.replay(template, () => write(heap, from))
  }
}

/** `AscEthereumBlock_0_0_6`: graph-node, chain/ethereum/src/runtime/abi.rs. */
function writeBlockObject(heap: Heap, block: RpcBlock): Pointer {
  return struct(heap, TYPE.block, [
    bytes(heap, block.hash),
    bytes(heap, block.parentHash),
    bytes(heap, block.sha3Uncles),
    bytes(heap, block.miner),
    bytes(heap, block.stateRoot),
    bytes(heap, block.transactionsRoot),
    bytes(heap, block.receiptsRoot),
    quantity(heap, block.number),
    quantity(heap, block.gasUsed),
    quantity(heap, block.gasLimit),
    quantity(heap, block.timestamp),
    quantity(heap, block.difficulty ?? '0x0'),
    quantity(heap, block.totalDifficulty ?? '0x0'),
    block.size === undefined ? 0 : quantity(heap, block.size),
    typeof block.baseFeePerGas === 'string' ? quantity(heap, block.baseFeePerGas) : 0,
  ])
}

/** `AscEthereumTransaction_0_0_6`, likewise. */
function writeTransactionObject(heap: Heap, transaction: RpcTransaction): Pointer {
  return struct(heap, TYPE.transaction, [
    bytes(heap, transaction.hash),
    quantity(heap, transaction.transactionIndex),
    bytes(heap, transaction.from),
    typeof transaction.to === 'string' ? bytes(heap, transaction.to) : 0,
    quantity(heap, transaction.value),
    quantity(heap, transaction.gas),
    quantity(heap, transaction.gasPrice ?? transaction.maxFeePerGas ?? '0x0'),
    bytes(heap, transaction.input),
    quantity(heap, transaction.nonce),
  ])
}

function struct(heap: Heap, type: TypeIndex, pointers: readonly Pointer[]): Pointer {
  const at = heap.object(type, pointers.length * WORD)
  pointers.forEach((pointer, index) => heap.writeWord(at + index * WORD, pointer))
  return at
}

function bytes(heap: Heap, hex: string): Pointer {
  return heap.writeHexBytes(hex)
}

const scratch = Buffer.alloc(1024)
const topicScratch = Buffer.alloc(TOPIC_BYTES)
/** The beginnings of `scratch` that were asked for, by their length. */
const beginnings = new Map<number, Buffer>()

/** An unsigned number as BigInt. */
function quantity(heap: Heap, hex: string): Pointer {
  if (hex.length > 2 * scratch.length) throw new RunnerError('RPC_FAILED', 'An endpoint gives a number that is none.')
  return heap.writeReversed(scratch, 0, decodeHex(hex, scratch, 0), false)
}

/** Bytes that are good until the next are asked for. */
function toScratch(hex: string): Buffer {
  const length = (hex.length - 1) >> 1
  if (length > scratch.length) return Buffer.from(hex.slice(2), 'hex')
  let beginning = beginnings.get(length)
  if (beginning === undefined) beginnings.set(length, (beginning = scratch.subarray(0, length)))
  decodeHex(hex, beginning, 0)
  return beginning
}

/** Likewise, apart from those of the data. */
function toTopic(hex: string): Buffer {
  if (hex.length !== 2 + 2 * TOPIC_BYTES) throw new UndecodableError()
  decodeHex(hex, topicScratch, 0)
  return topicScratch
}
