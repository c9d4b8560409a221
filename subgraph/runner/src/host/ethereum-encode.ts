import { RunnerError } from '../errors.ts'
import { fromSignedBytes } from './big-int.ts'
import { ETHEREUM_KIND } from './ethereum-values.ts'
import type { Heap, Pointer } from './heap.ts'

const WORD = 32
const MAX_DEPTH = 128

type Encoded = { readonly isDynamic: boolean; readonly bytes: Buffer }

/**
 * The ABI encoding of one `ethereum.Value` (https://docs.soliditylang.org/en/latest/abi-spec.html), as alloy's
 * `DynSolValue::abi_encode` gives it: a value of a dynamic type comes after its offset.
 */
export function encodeValue(heap: Heap, at: Pointer): Buffer {
  return encodeSequence([encode(heap, at, 0)])
}

function encode(heap: Heap, at: Pointer, depth: number): Encoded {
  if (depth > MAX_DEPTH) throw new RunnerError('MAPPING_FAILED', 'recursion limit reached')
  const kind = heap.readWord(at)
  const payload = heap.readWord(at + 8)
  switch (kind) {
    case ETHEREUM_KIND.address:
      return fixed(padStart(heap.readBytes(payload)))
    case ETHEREUM_KIND.fixedBytes:
      return fixed(padEnd(heap.readBytes(payload)))
    case ETHEREUM_KIND.int:
    case ETHEREUM_KIND.uint:
      return fixed(encodeInteger(fromSignedBytes(heap.readBytes(payload))))
    case ETHEREUM_KIND.bool:
      return fixed(padStart(Uint8Array.of(payload === 0 ? 0 : 1)))
    case ETHEREUM_KIND.bytes:
      return encodeContent(heap.readBytes(payload))
    case ETHEREUM_KIND.string:
      return encodeContent(Buffer.from(heap.readString(payload), 'utf8'))
    case ETHEREUM_KIND.array:
    case ETHEREUM_KIND.fixedArray:
    case ETHEREUM_KIND.tuple:
      return encodeItems(heap, kind, payload, depth)
    default:
      throw new RunnerError('MAPPING_FAILED', `There is no kind ${kind} of Ethereum values.`)
  }
}

function encodeItems(heap: Heap, kind: number, at: Pointer, depth: number): Encoded {
  const items = heap.readPointers(at).map((item) => encode(heap, item, depth + 1))
  const bytes = encodeSequence(items)
  if (kind !== ETHEREUM_KIND.array) return { isDynamic: items.some(({ isDynamic }) => isDynamic), bytes }
  return { isDynamic: true, bytes: Buffer.concat([encodeInteger(BigInt(items.length)), bytes]) }
}

/** Heads, then tails; offsets count from the first head. */
function encodeSequence(items: readonly Encoded[]): Buffer {
  let offset = items.reduce((sum, { isDynamic, bytes }) => sum + (isDynamic ? WORD : bytes.length), 0)
  const heads = items.map(({ isDynamic, bytes }) => {
    if (!isDynamic) return bytes
    const head = encodeInteger(BigInt(offset))
    offset += bytes.length
    return head
  })
  return Buffer.concat([...heads, ...items.filter(({ isDynamic }) => isDynamic).map(({ bytes }) => bytes)])
}

function encodeContent(bytes: Uint8Array): Encoded {
  const padded = Buffer.alloc(Math.ceil(bytes.length / WORD) * WORD)
  padded.set(bytes)
  return { isDynamic: true, bytes: Buffer.concat([encodeInteger(BigInt(bytes.length)), padded]) }
}

function encodeInteger(value: bigint): Buffer {
  if (BigInt.asIntN(257, value) !== value) throw new RunnerError('MAPPING_FAILED', `${value} has more than 256 bits`)
  return Buffer.from(
    BigInt.asUintN(256, value)
      .toString(16)
      .padStart(2 * WORD, '0'),
    'hex',
  )
}

function fixed(bytes: Buffer): Encoded {
  return { isDynamic: false, bytes }
}

function padStart(bytes: Uint8Array): Buffer {
  const word = Buffer.alloc(WORD)
  word.set(checked(bytes), WORD - bytes.length)
  return word
}

function padEnd(bytes: Uint8Array): Buffer {
  const word = Buffer.alloc(WORD)
  word.set(checked(bytes))
  return word
}

function checked(bytes: Uint8Array): Uint8Array {
  if (bytes.length > WORD) throw new RunnerError('MAPPING_FAILED', `${bytes.length} bytes are more than a word`)
  return bytes
}
