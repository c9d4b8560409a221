import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import fc from 'fast-check'
import { coverRange, createSliceKeys, sealContent } from '../content/index.ts'
import { isSluiceError } from '../errors.ts'
import { readPlaintext } from './read-plaintext.ts'
import type { PlaintextSource } from './read-plaintext.ts'

const BYTES = 262_128 * 3 + 1000

describe('reading a plaintext', () => {
  const plaintext = Uint8Array.from({ length: BYTES }, (_, index) => (index * 31) % 251)
  let source: PlaintextSource

  before(async () => {
    const slices: Uint8Array[] = []
    const sealed = await sealContent({
      source: pieces(plaintext),
      byteSize: BYTES,
      onSlice: async (index, leaf) => void (slices[index] = leaf.slice()),
      onBlock: async () => undefined,
    })
    const { sliceCount, contentKey, plaintextDigest } = sealed
    const keys = createSliceKeys(coverRange(contentKey, sliceCount, 0, sliceCount - 1))
    const slice = (index: number): Promise<Uint8Array> => Promise.resolve(slices[index] ?? new Uint8Array())
    source = { content: { access: 'sealed', sliceCount, byteSize: BYTES }, keys, plaintextDigest, slice }
  })

  async function read(from: PlaintextSource, first: number, last: number): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    for await (const chunk of readPlaintext(from, { first, last, signal: new AbortController().signal }))
      chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  it('gives exactly the bytes of any range', async () => {
    const position = fc.integer({ min: 0, max: BYTES - 1 })
    await fc.assert(
      fc.asyncProperty(position, position, async (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)]
        assert.deepEqual(Buffer.from(await read(source, first, last)), Buffer.from(plaintext.slice(first, last + 1)))
      }),
      { numRuns: 20 },
    )
  })

  it('accepts a whole content that is what its creator vouched for', async () => {
    assert.equal((await read(source, 0, BYTES - 1)).length, BYTES)
  })

  it('proves fraud where the whole content is something else', async () => {
    const lied = { ...source, plaintextDigest: new Uint8Array(32) }
    await assert.rejects(read(lied, 0, BYTES - 1), (error) => isSluiceError(error, 'FRAUD_PROVEN'))
  })

  it('refuses a slice that was altered', async () => {
    const altered = {
      ...source,
      slice: async (index: number, signal: AbortSignal) => flip(await source.slice(index, signal)),
    }
    await assert.rejects(read(altered, 0, 10), (error) => isSluiceError(error, 'DECRYPT_FAILED'))
  })

  it('refuses slices outside the edition', async () => {
    const { sliceCount } = source.content
    const keys = createSliceKeys(coverRange(new Uint8Array(32), sliceCount, 1, 2))
    await assert.rejects(read({ ...source, keys }, 0, 10), (error) => isSluiceError(error, 'NOT_ENTITLED'))
  })
})

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.slice(at, at + 65_536)
}

function flip(bytes: Uint8Array): Uint8Array {
  const altered = bytes.slice()
  altered[0] = (altered[0] ?? 0) ^ 1
  return altered
}
