import { WIRE_LIMITS } from './limits.ts'
import type { SliceMessage } from './messages.ts'

/**
 * The hot path: a slice's frame written and read without protobuf's reflection, which costs about a sixth of what hashing
 * the slice does. Field numbers are those of sluice.proto; what is not written exactly as here is read the long way.
 */
const TAG = { frame: tag(10, 2), index: tag(1, 0), free: tag(3, 0), data: tag(2, 2) } as const
const CONTINUES = 0x80
/** A varint of 32 bits has at most five bytes; ours are shorter. */
const MAX_SHIFT = 28
/** Two lengths, an index, four tags and a bool. */
const MAX_HEAD = 20

/** A slice's frame as what goes before the data and the data itself, not copied. */
export function encodeSlice({ index, data, free }: SliceMessage): [head: Uint8Array, data: Uint8Array] {
  const headLength = 1 + varintLength(index) + (free === true ? 2 : 0) + 1 + varintLength(data.length)
  const head = new Uint8Array(MAX_HEAD)
  head[0] = TAG.frame
  let at = writeVarint(head, 1, headLength + data.length)
  head[at] = TAG.index
  at = writeVarint(head, at + 1, index)
  if (free === true) {
    head[at] = TAG.free
    head[at + 1] = 1
    at += 2
  }
  head[at] = TAG.data
  at = writeVarint(head, at + 1, data.length)
  return [head.subarray(0, at), data]
}

/** Reads what {@link encodeSlice} puts before the data. */
export function readSliceHead(head: Uint8Array): { readonly index: number; readonly free: boolean } {
  const { index = 0, free = false } = readHead(createReader(head)) ?? {}
  return { index, free }
}

/**
 * A frame that {@link encodeSlice} wrote, its data a view of `bytes`. Undefined for every other frame, and for a slice that
 * breaks a bound: why is for the decoder of all frames to say.
 */
export function decodeSlice(bytes: Uint8Array): SliceMessage | undefined {
  const reader = createReader(bytes)
  const head = readHead(reader)
  if (head === undefined || head.rest !== bytes.length - head.start || head.dataLength !== bytes.length - reader.at())
    return
  const { index, free } = head
  const data = bytes.subarray(reader.at())
  if (index >= WIRE_LIMITS.sliceCount || data.length > WIRE_LIMITS.sliceBytes) return
  return free ? { type: 'slice', index, data, free } : { type: 'slice', index, data }
}

/** All that goes before the data; `rest` bytes follow `start`, if the frame says the truth. */
function readHead(reader: ReturnType<typeof createReader>) {
  const rest = reader.takes(TAG.frame) ? reader.varint() : undefined
  const start = reader.at()
  const index = reader.takes(TAG.index) ? reader.varint() : undefined
  const free = reader.takes(TAG.free)
  const isTrue = !free || reader.takes(1)
  const dataLength = isTrue && reader.takes(TAG.data) ? reader.varint() : undefined
  if (rest === undefined || index === undefined || dataLength === undefined) return undefined
  return { rest, start, index, free, dataLength }
}

function createReader(bytes: Uint8Array) {
  let at = 0
  return {
    at: () => at,
    takes: (byte: number): boolean => {
      const isThere = bytes[at] === byte
      if (isThere) at += 1
      return isThere
    },
    /** Undefined where it does not end, or not soon. */
    varint: (): number | undefined => {
      let value = 0
      for (let shift = 0; shift < MAX_SHIFT; shift += 7) {
        const byte = bytes[at]
        if (byte === undefined) return undefined
        at += 1
        value += (byte & ~CONTINUES) << shift
        if (byte < CONTINUES) return value
      }
      return undefined
    },
  }
}

function writeVarint(target: Uint8Array, start: number, value: number): number {
  let at = start
  let rest = value
  for (; rest >= CONTINUES; rest >>>= 7) {
    target[at] = (rest & ~CONTINUES) | CONTINUES
    at += 1
  }
  target[at] = rest
  return at + 1
}

function varintLength(value: number): number {
  let length = 1
  for (let rest = value; rest >= CONTINUES; rest >>>= 7) length += 1
  return length
}

/** A field's number and its wire type. */
function tag(field: number, wireType: number): number {
  return (field << 3) | wireType
}
