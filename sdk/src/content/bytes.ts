/** Bytes whose memory is not shared, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** The same bytes, copied only when their memory is shared with another thread. */
export function asBytes(bytes: Uint8Array): Bytes {
  return isUnshared(bytes) ? bytes : new Uint8Array(bytes)
}

/** sha2-256 through WebCrypto: off the main thread, so that many run at once. */
export async function sha256(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', asBytes(bytes)))
}

/** SHA-1 through WebCrypto; for BitTorrent's pieces only. */
export async function sha1(bytes: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', asBytes(bytes)))
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

function isUnshared(bytes: Uint8Array): bytes is Bytes {
  return typeof SharedArrayBuffer === 'undefined' || !(bytes.buffer instanceof SharedArrayBuffer)
}
