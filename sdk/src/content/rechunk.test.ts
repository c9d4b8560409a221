import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { collect, inPieces, pattern } from './fixtures.ts'
import { rechunk } from './rechunk.ts'

describe('rechunk', () => {
  it('keeps the bytes and makes every chunk but the last full, however the source is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(500),
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 64 }),
        async (total, sizes, size) => {
          const chunks = await collect(rechunk(inPieces(pattern(total), ...sizes), size))
          assert.equal(chunks.length, Math.max(1, Math.ceil(total / size)))
          assert.ok(chunks.slice(0, -1).every((chunk) => chunk.length === size))
          assert.deepEqual(Buffer.concat(chunks), Buffer.from(pattern(total)))
        },
      ),
    )
  })

  it('yields one empty chunk for an empty source', async () => {
    assert.deepEqual(await collect(rechunk(inPieces(new Uint8Array(0), 4), 4)), [new Uint8Array(0)])
  })

  it('passes on views where a piece holds whole chunks', async () => {
    const piece = pattern(64)
    async function* source(): AsyncGenerator<Uint8Array> {
      yield piece
    }
    for await (const chunk of rechunk(source(), 16)) assert.equal(chunk.buffer, piece.buffer)
  })
})
