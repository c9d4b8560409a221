import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { createSliceReader } from './slice-reader.ts'

const SLICE = 16
const content = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 251)

/** A content whose streams come in chunks of `chunk` bytes, and how many of its slices were asked for. */
function contentReader(size: number, chunk: number) {
  const bytes = content(size)
  const opened: number[] = []
  const read = createSliceReader({
    size,
    sliceBytes: SLICE,
    open: (start) => {
      opened.push(start / SLICE)
      let at = start
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (at >= size) return controller.close()
          controller.enqueue(bytes.slice(at, (at += chunk)))
        },
      })
    },
  })
  return { bytes, opened, read }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<number[]> {
  const bytes: number[] = []
  for await (const chunk of chunks) bytes.push(...chunk)
  return bytes
}

describe('createSliceReader', () => {
  it('reads any range, whatever the sizes of the chunks', async () => {
    const sizes = fc.record({ size: fc.integer({ min: 1, max: 200 }), chunk: fc.integer({ min: 1, max: 50 }) })
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async ({ size, chunk }, a, b) => {
        const [start, end] = [a % size, b % (size + 1)].toSorted((x, y) => x - y) as [number, number]
        const { bytes, read } = contentReader(size, chunk)
        const part = await collect(read(start, end, new AbortController().signal))
        assert.deepEqual(part, Array.from(bytes.subarray(start, end)))
      }),
    )
  })

  it('asks for a slice once, however often it is read', async () => {
    const { read, opened } = contentReader(4 * SLICE, 7)
    const { signal } = new AbortController()
    await collect(read(0, 4 * SLICE, signal))
    await collect(read(5, 3 * SLICE, signal))
    await collect(read(0, 4 * SLICE, signal))
    assert.deepEqual(opened, [0])
  })

  it('opens a stream where the missing slices begin', async () => {
    const { read, opened } = contentReader(4 * SLICE, SLICE)
    const { signal } = new AbortController()
    await collect(read(SLICE, 2 * SLICE, signal))
    await collect(read(0, 4 * SLICE, signal))
    assert.deepEqual(opened, [1, 0, 2])
  })

  it('cancels the stream when its reader stops', async () => {
    let cancelled = false
    const read = createSliceReader({
      size: 4 * SLICE,
      sliceBytes: SLICE,
      open: () =>
        new ReadableStream<Uint8Array>({
          pull: (controller) => controller.enqueue(new Uint8Array(SLICE)),
          cancel: () => {
            cancelled = true
          },
        }),
    })
    for await (const chunk of read(0, 4 * SLICE, new AbortController().signal)) {
      assert.equal(chunk.length, SLICE)
      break
    }
    assert.equal(cancelled, true)
  })

  it('refuses a stream that ends early', async () => {
    const read = createSliceReader({
      size: 2 * SLICE,
      sliceBytes: SLICE,
      open: () => new ReadableStream<Uint8Array>({ start: (controller) => controller.close() }),
    })
    await assert.rejects(collect(read(0, SLICE, new AbortController().signal)), /ended before/)
  })
})
