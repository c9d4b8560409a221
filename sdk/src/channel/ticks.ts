import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'

/** Longest chain of one voucher, as the contract bounds it. */
export const MAX_TICKS = 1024

/**
 * A chain of hashes that pays one slice per link (Rivest and Shamir's PayWord, 1996). `root` is keccak256 applied
 * `length` times to the seed; the n-th tick is the link that n hashes lead to the root.
 */
export type TickChain = {
  readonly root: Hex
  readonly length: number
  /** The link worth `ticks` in total; `tick(0)` is the root. */
  tick(ticks: number): Hex
}

/** Links between two remembered ones: 4 KiB for the longest chain, and four hashes for a tick on average. */
const STRIDE = 8

/** Builds a chain of `length` links from 32 secret random bytes. */
export function createTickChain(seed: Hex, length: number): TickChain {
  if (!Number.isInteger(length) || length < 1 || length > MAX_TICKS) {
    throw new SluiceError('BAD_INPUT', `A tick chain has 1 to ${MAX_TICKS} links, not ${length}.`)
  }
  const checkpoints: Uint8Array[] = []
  let link = hexToBytes(seed)
  for (let step = 0; step < length; step += 1) {
    if (step % STRIDE === 0) checkpoints.push(link)
    link = keccak_256(link)
  }
  const root = bytesToHex(link)

  const tick = (ticks: number): Hex => {
    if (!Number.isInteger(ticks) || ticks < 0 || ticks > length) {
      throw new SluiceError('BAD_INPUT', `The chain has ${length} ticks, not ${ticks}.`)
    }
    if (ticks === 0) return root
    const depth = length - ticks
    const checkpoint = checkpoints[Math.floor(depth / STRIDE)]
    if (checkpoint === undefined) throw new SluiceError('INTERNAL', 'A tick chain lost a checkpoint.')
    return bytesToHex(hashTimes(checkpoint, depth % STRIDE))
  }
  return { root, length, tick }
}

/** Whether `steps` hashes lead from `tick` to `previous`: the payee hashes only what is new. */
export function verifyTick(previous: Hex, tick: Hex, steps: number): boolean {
  return bytesToHex(hashTimes(hexToBytes(tick), steps)) === previous.toLowerCase()
}

function hashTimes(start: Uint8Array, times: number): Uint8Array {
  let link = start
  for (let step = 0; step < times; step += 1) link = keccak_256(link)
  return link
}
