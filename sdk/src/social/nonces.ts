import { bytesToBigInt } from 'viem'

const NONCES_PER_WORD = 256n
const WORD_INDEX_BYTES = 31

/**
 * Draws nonces for social actions. They come 256 at a time from a word of the wallet's bitmap that is drawn at random, so
 * that several sessions of a wallet need not know of each other, and all but the first of a word cost little.
 */
export function createSocialNonces(): () => bigint {
  let next = 0n
  return () => {
    if (next % NONCES_PER_WORD === 0n) {
      const index = crypto.getRandomValues(new Uint8Array(WORD_INDEX_BYTES))
      next = bytesToBigInt(index) * NONCES_PER_WORD
    }
    return next++
  }
}
