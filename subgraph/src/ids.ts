import { Address, BigInt, ByteArray, Bytes, crypto, ethereum } from '@graphprotocol/graph-ts'

/** Every entity's id is made here, of parts of fixed width, so that no two things can share one. */

const WORD = 32
const PREFIX = 20

/** A number in four bytes, the highest first, so that ids sort as what they number. */
export function fourBytes(value: i32): Bytes {
  const bytes = new Bytes(4)
  for (let i = 0; i < 4; i++) bytes[i] = <u8>(value >>> (24 - 8 * i))
  return bytes
}

export function eightBytes(value: i64): Bytes {
  const bytes = new Bytes(8)
  for (let i = 0; i < 8; i++) bytes[i] = <u8>(value >>> (56 - 8 * i))
  return bytes
}

/** A uint256 as the chain writes it: 32 bytes, the highest first. graph-ts keeps the lowest first, and as few as will do. */
export function word(value: BigInt): Bytes {
  const bytes = new Bytes(WORD)
  const length = value.length < WORD ? value.length : WORD
  for (let i = 0; i < length; i++) bytes[WORD - 1 - i] = value[i]
  return bytes
}

/** Of an event: its transaction and the place of its log in the block. */
export function eventId(event: ethereum.Event): Bytes {
  return event.transaction.hash.concat(fourBytes(event.logIndex.toI32()))
}

/** Of one thing among several that an event says. */
export function eventItemId(event: ethereum.Event, index: i32): Bytes {
  return eventId(event).concat(fourBytes(index))
}

export function versionId(contentId: Bytes, number: i32): Bytes {
  return contentId.concat(fourBytes(number))
}

export function lockboxId(editionId: Bytes, epoch: i64): Bytes {
  return editionId.concat(eightBytes(epoch))
}

/** Of whatever belongs to one and to another: a holding, a listing, a follow, an escrow, earnings. */
export function pairId(first: Bytes, second: Bytes): Bytes {
  return first.concat(second)
}

/** Of whatever is counted by day. */
export function dayId(subject: Bytes, day: i32): Bytes {
  return subject.concat(fourBytes(day))
}

/** Of whatever is numbered within something else: a keeper's keys, the kinds of reaction to a topic. */
export function indexedId(subject: Bytes, index: i32): Bytes {
  return subject.concat(fourBytes(index))
}

/** `keccak256(abi.encode(qx, qy))`, as the contracts name a session. */
export function sessionIdOf(qx: Bytes, qy: Bytes): Bytes {
  return Bytes.fromByteArray(crypto.keccak256(qx.concat(qy)))
}

/** What a batch of claims names a channel by. */
export function channelPrefix(bytes: Bytes): Bytes {
  return Bytes.fromUint8Array(bytes.subarray(0, PREFIX))
}

/** The running total behind the prefix, in the word's last twelve bytes. */
export function totalOf(packed: Bytes): BigInt {
  const low = new ByteArray(WORD - PREFIX)
  for (let i = 0; i < low.length; i++) low[i] = packed[WORD - 1 - i]
  return BigInt.fromUnsignedBytes(low)
}

export function isZero(bytes: Bytes): boolean {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] != 0) return false
  }
  return true
}

/** Bytes as an address or nothing: the contracts write nobody as address zero. */
export function someone(address: Address): Bytes | null {
  return isZero(address) ? null : address
}
