import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import fc from 'fast-check'
import { isSluiceError } from '../errors.ts'
import { FrameSchema } from './generated/sluice_pb.ts'
import { decodeFrame, encodeFrame, readSliceHead } from './index.ts'
import { WIRE_LIMITS } from './limits.ts'
import { decodeSlice, encodeSlice } from './slice-frame.ts'

const index = fc.oneof(fc.nat({ max: WIRE_LIMITS.sliceCount - 1 }), fc.constantFrom(0, 127, 128, 16_383, 16_384))
const length = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(16_383, 16_384, WIRE_LIMITS.sliceBytes))

describe('a slice’s frame', () => {
  it('is what protobuf reads as the same slice', () => {
    fc.assert(
      fc.property(index, length, fc.boolean(), (at, bytes, free) => {
        const data = new Uint8Array(bytes).fill(at)
        const frame = encodeFrame({ type: 'slice', index: at, data, ...(free && { free }) })
        const { message } = fromBinary(FrameSchema, frame)
        assert.ok(message.case === 'slice')
        assert.deepEqual([message.value.index, message.value.free], [at, free])
        assert.deepEqual(message.value.data, data)
        assert.deepEqual(decodeSlice(frame), { type: 'slice', index: at, data, ...(free && { free }) })
      }),
    )
  })

  it('is read as protobuf reads it, however it was written and whatever is wrong with it', () => {
    const written = fc.record({
      index: fc.nat({ max: 2 ** 32 - 1 }),
      data: fc.uint8Array({ maxLength: 40 }),
      free: fc.boolean(),
    })
    fc.assert(
      fc.property(written, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 }), (value, damage) => {
        const frame = toBinary(FrameSchema, create(FrameSchema, { message: { case: 'slice', value } }))
        const ours = encodeFrame({
          type: 'slice',
          index: value.index % WIRE_LIMITS.sliceCount,
          data: value.data,
        }).slice()
        for (const bytes of [frame, ours]) {
          for (const [at, byte] of damage) bytes[at % bytes.length] = byte
          const fast = decodeSlice(bytes)
          if (fast === undefined) continue
          const { message } = fromBinary(FrameSchema, bytes)
          assert.ok(message.case === 'slice')
          assert.deepEqual(fast.data, message.value.data)
          assert.deepEqual([fast.index, fast.free === true], [message.value.index, message.value.free])
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('has a head that can be read without the data', () => {
    fc.assert(
      fc.property(index, length, fc.boolean(), (at, bytes, free) => {
        const [head, data] = encodeSlice({
          type: 'slice',
          index: at,
          data: new Uint8Array(bytes),
          ...(free && { free }),
        })
        assert.equal(data.length, bytes)
        assert.deepEqual(readSliceHead(head), { index: at, free })
      }),
    )
  })

  it('is refused where it is out of bounds', () => {
    for (const [at, bytes] of [
      [WIRE_LIMITS.sliceCount, 1],
      [1, WIRE_LIMITS.sliceBytes + 1],
    ] as const) {
      const frame = encodeFrame({ type: 'slice', index: at, data: new Uint8Array(bytes) })
      assert.equal(decodeSlice(frame), undefined)
      assert.throws(
        () => decodeFrame(frame),
        (error) => isSluiceError(error, 'FRAME_INVALID'),
      )
    }
  })
})
