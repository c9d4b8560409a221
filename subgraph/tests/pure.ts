import { Bytes } from '@graphprotocol/graph-ts'
import { lineOf } from '../src/text'

/** What of the mappings needs no host, for test/subgraph/pure.test.ts to call; it compiles this file by itself. */

export { handleText } from '../src/text'
export { raise } from '../src/trending'
export { titleOf } from '../src/title'

export function bytesOf(length: i32): Bytes {
  return new Bytes(length)
}

export function startOf(bytes: Bytes): usize {
  return bytes.dataStart
}

export function wholeLine(bytes: Bytes): string | null {
  return lineOf(bytes, 0, bytes.length)
}
