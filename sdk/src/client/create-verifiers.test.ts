import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOf, RAW, sha256 } from '../content/index.ts'
import { createVerifiers } from './create-verifiers.ts'
import type { HashSlice } from './network.ts'

const { signal } = new AbortController()
const fetchBlock = () => Promise.reject(new Error('nothing is fetched'))

describe('what verifies slices', () => {
  const slice = new Uint8Array(1000).fill(7)

  /** Verifiers of a content of one slice. */
  async function verifiers() {
    const root = await cidOf(RAW, slice)
    return createVerifiers({ network: { fetchBlock } }, { root, sliceCount: 1, leafBytes: slice.length }, signal)
  }

  /** Hashes in memory of its own, as a thread does. */
  const elsewhere: HashSlice = async (bytes) => {
    const moved = bytes.slice()
    return { digest: await sha256(moved), bytes: moved }
  }

  it('answers at once where it hashes in place', async () => {
    const verify = (await verifiers())()
    assert.equal(verify(0, slice), true)
    assert.equal(verify(0, new Uint8Array(1000)), false)
  })

  it('gives the bytes that come back where they are hashed elsewhere, if they are the slice', async () => {
    const verify = (await verifiers())(elsewhere)
    const verdict = await verify(0, slice)
    assert.notEqual(verdict, slice)
    assert.deepEqual(verdict, slice)
    assert.equal(await verify(0, new Uint8Array(1000)), false)
  })

  it('hashes in place what is not taken elsewhere', async () => {
    const verify = (await verifiers())(() => undefined)
    assert.equal(verify(0, slice), true)
  })
})
