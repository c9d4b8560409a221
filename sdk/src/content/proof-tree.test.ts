import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { bytesToHex, concat, encodeAbiParameters, keccak256 } from 'viem'
import { chunkRootOf } from './chunk-root.ts'
import { LEAF_BYTES } from './constants.ts'
import { pattern } from './fixtures.ts'
import { createProofTree, proofLeaf } from './proof-tree.ts'

const sha256 = (...parts: Uint8Array[]): Uint8Array => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return new Uint8Array(hash.digest())
}

function plainChunkRoot(leaf: Uint8Array): Uint8Array {
  let level = Array.from({ length: 64 }, (_, at) => {
    const piece = leaf.subarray(at * 4096, (at + 1) * 4096)
    return piece.length === 0 ? new Uint8Array(32) : sha256(piece)
  })
  while (level.length > 1) {
    level = level.flatMap((node, at) => (at % 2 === 0 ? [sha256(node, level[at + 1] ?? new Uint8Array(32))] : []))
  }
  return level[0] ?? new Uint8Array(32)
}

describe('chunk root', () => {
  it('is the sha2-256 tree over 64 pieces, the missing ones zero', async () => {
    for (const size of [0, 1, 4096, 4097, 100_000, LEAF_BYTES - 1, LEAF_BYTES]) {
      assert.deepEqual(await chunkRootOf(pattern(size)), plainChunkRoot(pattern(size)))
    }
  })
})

describe('proof tree', () => {
  it('hashes leaves as the contracts do', () => {
    const chunkRoot = pattern(32, 5)
    const inner = encodeAbiParameters([{ type: 'uint256' }, { type: 'bytes32' }], [70_000n, bytesToHex(chunkRoot)])
    assert.equal(bytesToHex(proofLeaf(70_000, chunkRoot)), keccak256(concat([keccak256(inner)])))
  })

  it('has the root that @openzeppelin/merkle-tree computes', () => {
    for (const count of [1, 2, 3, 4, 5, 7, 8, 33, 100]) {
      const tree = createProofTree(count)
      const chunkRoots = Array.from({ length: count }, (_, at) => pattern(32, at * 3))
      for (const chunkRoot of chunkRoots) tree.add(chunkRoot)
      const values = chunkRoots.map((chunkRoot, at) => [at, bytesToHex(chunkRoot)])
      const expected = StandardMerkleTree.of(values, ['uint256', 'bytes32'], { sortLeaves: false })
      assert.equal(tree.root(), expected.root)
    }
  })

  it('refuses more or fewer leaves than announced', () => {
    const tree = createProofTree(2)
    tree.add(pattern(32))
    assert.throws(() => tree.root(), /Only 1 of 2/)
    tree.add(pattern(32))
    assert.throws(() => tree.add(pattern(32)), /All 2/)
  })
})
