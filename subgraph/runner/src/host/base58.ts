const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

/** Base58 as Bitcoin and IPFS write it: a leading zero byte is a 1. */
export function toBase58(bytes: Uint8Array): string {
  let zeros = 0
  while (zeros < bytes.length && bytes[zeros] === 0) zeros += 1
  let left = zeros === bytes.length ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  while (left > 0n) {
    text = `${ALPHABET.charAt(Number(left % 58n))}${text}`
    left /= 58n
  }
  return '1'.repeat(zeros) + text
}
