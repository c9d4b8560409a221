import { keccak256 } from 'viem'
import { RunnerError } from '../../errors.ts'
import { toBase58 } from '../base58.ts'
import type { HostFunctions } from '../module.ts'
import { readText } from '../store-values.ts'
import { readNumber } from './numbers.ts'

const ADDRESS = /^(0x)?[0-9a-fA-F]{40}$/

/** `typeConversion.*` and `crypto.keccak256`: graph-node, runtime/wasm/src/host_exports.rs and module/context.rs. */
export const CONVERSION_FUNCTIONS: HostFunctions = {
  // Bytes that are no UTF-8 become U+FFFD, and padding with NUL at the end goes.
  'typeConversion.bytesToString': (heap, at = 0) =>
    heap.writeString(Buffer.from(heap.readBytes(at)).toString('utf8').replace(/\0+$/, '')),
  'typeConversion.bytesToHex': (heap, at = 0) => heap.writeHexText(at),
  'typeConversion.bytesToBase58': (heap, at = 0) => heap.writeString(toBase58(heap.readBytes(at))),
  'typeConversion.bigIntToString': (heap, at = 0) => heap.writeString(readNumber(heap, at).toString()),
  // Of a negative number only the magnitude, without leading zeros.
  'typeConversion.bigIntToHex': (heap, at = 0) => {
    const value = readNumber(heap, at)
    return heap.writeString(`0x${(value < 0n ? -value : value).toString(16)}`)
  },
  'typeConversion.stringToH160': (heap, at = 0) => {
    const text = readText(heap, at)
    if (!ADDRESS.test(text)) throw new RunnerError('MAPPING_FAILED', `Failed to convert string to Address: '${text}'`)
    return heap.writeBytes(Buffer.from(text.replace(/^0x/, ''), 'hex'))
  },
  'crypto.keccak256': (heap, at = 0) => heap.writeBytes(keccak256(heap.readBytes(at), 'bytes')),
}
