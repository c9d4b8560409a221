import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { SluiceError } from '../errors.ts'
import { HASH_BYTES } from './constants.ts'

const PAIR_BYTES = 2 * HASH_BYTES

/** Collects a content's chunk roots, in order, into the Merkle root that storage challenges refer to. */
export type ProofTree = {
  /** Adds the next slice's chunk root, 32 bytes. */
  add(chunkRoot: Uint8Array): void
  /** The root; called once, after every slice was added. */
  root(): Hex
}

/**
 * The tree of OpenZeppelin's `StandardMerkleTree.of(values, ['uint256', 'bytes32'], { sortLeaves: false })` over
 * `[index, chunkRoot]`; its proofs verify with OpenZeppelin's `MerkleProof`. Leaves stay in slice order, so a prover
 * finds a slice's place without sorting. Holds 32 bytes per slice and reduces in place.
 */
export function createProofTree(sliceCount: number): ProofTree {
  const nodes = new Uint8Array(sliceCount * HASH_BYTES)
  let count = 0

  return {
    add(chunkRoot) {
      if (count === sliceCount) throw new SluiceError('INTERNAL', `All ${sliceCount} chunk roots were added before.`)
      nodes.set(proofLeaf(count, chunkRoot), count * HASH_BYTES)
      count += 1
    },
    root() {
      if (count !== sliceCount) throw new SluiceError('INTERNAL', `Only ${count} of ${sliceCount} chunk roots known.`)
      return bytesToHex(reduce(nodes, sliceCount))
    },
  }
}

/** `keccak256(bytes.concat(keccak256(abi.encode(uint256 index, bytes32 chunkRoot))))`. */
export function proofLeaf(index: number, chunkRoot: Uint8Array): Uint8Array {
  const encoded = new Uint8Array(PAIR_BYTES)
  new DataView(encoded.buffer).setUint32(HASH_BYTES - 4, index)
  encoded.set(chunkRoot, HASH_BYTES)
  return keccak_256(keccak_256(encoded))
}

/**
 * OpenZeppelin lays the tree out as a heap with the leaves backwards at its end, so filling it from the end takes pairs
 * first in, first out: a ring of as many places as there are leaves is enough.
 */
function reduce(ring: Uint8Array, size: number): Uint8Array {
  const at = (place: number): Uint8Array =>
    ring.subarray((place % size) * HASH_BYTES, ((place % size) + 1) * HASH_BYTES)
  for (let parent = 0; parent < size - 1; parent += 1) {
    at(size + parent).set(hashPair(at(2 * parent), at(2 * parent + 1)))
  }
  return at(2 * size - 2)
}

function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(PAIR_BYTES)
  const inOrder = isBelow(left, right)
  pair.set(inOrder ? left : right, 0)
  pair.set(inOrder ? right : left, HASH_BYTES)
  return keccak_256(pair)
}

function isBelow(left: Uint8Array, right: Uint8Array): boolean {
  const at = left.findIndex((byte, position) => byte !== right[position])
  return at !== -1 && (left[at] ?? 0) < (right[at] ?? 0)
}
