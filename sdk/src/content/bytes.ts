import { sha256 as sha256Js } from '@noble/hashes/sha2.js'

/** Bytes whose memory is not shared, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** The same bytes, copied only when their memory is shared with another thread. */
export function asBytes(bytes: Uint8Array): Bytes {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes)
}

/** What the sdk uses of `node:crypto`. */
type NodeCrypto = { hash(algorithm: 'sha256' | 'sha1', bytes: Uint8Array, encoding: 'buffer'): Uint8Array }

/**
 * Node's own hashing, in place: a slice takes 0.15 ms, and the way to WebCrypto's threads and back twice that. Undefined in
 * a page, where only WebCrypto is native.
 */
const nodeCrypto = (
  globalThis as { process?: { getBuiltinModule?: (name: string) => NodeCrypto | undefined } }
).process?.getBuiltinModule?.('node:crypto')

/** sha2-256: at once in Node, through WebCrypto in a page. */
export function sha256(bytes: Uint8Array): Bytes | Promise<Bytes> {
  return nodeCrypto === undefined ? subtleDigest('SHA-256', bytes) : digestInPlace(nodeCrypto, 'sha256', bytes)
}

/** SHA-1, as {@link sha256}; for BitTorrent's pieces only. */
export function sha1(bytes: Uint8Array): Bytes | Promise<Bytes> {
  return nodeCrypto === undefined ? subtleDigest('SHA-1', bytes) : digestInPlace(nodeCrypto, 'sha1', bytes)
}

/** sha2-256 of a few bytes, for which a thread is not worth it anywhere. */
export function shortSha256(bytes: Uint8Array): Uint8Array {
  return nodeCrypto === undefined ? sha256Js(bytes) : digestInPlace(nodeCrypto, 'sha256', bytes)
}

/**
 * Frees the memory of bytes that nobody reads any more: their buffer is empty afterwards. The garbage collector would do it in
 * time, but for every 16 MiB of slices it searches the whole heap.
 */
export function discard(bytes: Uint8Array): void {
  if (isUnshared(bytes)) bytes.buffer.transfer(0)
}

/** An unsigned integer below 2^32 as four bytes, big-endian. */
export function u32(value: number): Bytes {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value)
  return bytes
}

/** Whether two byte strings are equal; not for secrets, it stops at the first difference. */
export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at])
}

/** Consecutive views of `size` bytes; the last may be shorter. */
export function splitBytes(bytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size))
}

/** Copied, since a `Buffer` differs from other byte arrays, above all in `slice`. */
function digestInPlace(native: NodeCrypto, algorithm: 'sha256' | 'sha1', bytes: Uint8Array): Bytes {
  return new Uint8Array(native.hash(algorithm, bytes, 'buffer'))
}

async function subtleDigest(algorithm: 'SHA-256' | 'SHA-1', bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, asBytes(bytes)))
}

function isUnshared(bytes: Uint8Array): bytes is Bytes {
  return typeof SharedArrayBuffer === 'undefined' || !(bytes.buffer instanceof SharedArrayBuffer)
}
