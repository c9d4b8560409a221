import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isSluiceError } from '../errors.ts'
import { MAX_FRAME_BYTES } from './frame-channel.ts'
import { createFrameReader, encodePrefix } from './frame-reader.ts'

const frames = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 })

describe('createFrameReader', () => {
  it('gives back the frames that were written, however their bytes are cut', () => {
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1 }), (written, sizes) => {
        const bytes = Buffer.concat(written.flatMap((frame) => [encodePrefix(frame.length), frame]))
        const read: Uint8Array[] = []
        const reader = createFrameReader((frame) => read.push(frame))
        for (let [at, turn] = [0, 0]; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          reader.push(bytes.subarray(at, at + size))
          at += size
        }
        assert.deepEqual(
          read.map((frame) => [...frame]),
          written.map((frame) => [...frame]),
        )
        assert.equal(reader.isPartial, false)
      }),
    )
  })

  it('knows that it is inside a frame', () => {
    const reader = createFrameReader(() => assert.fail('no frame is whole'))
    assert.equal(reader.isPartial, false)
    reader.push(encodePrefix(300).subarray(0, 1))
    assert.equal(reader.isPartial, true)
    reader.push(encodePrefix(300).subarray(1))
    assert.equal(reader.isPartial, true)
  })

  it('refuses a frame longer than the exchange allows before there is memory for it', () => {
    for (const prefix of [encodePrefix(MAX_FRAME_BYTES + 1), Uint8Array.of(0xff, 0xff, 0xff, 0x01)]) {
      const allocate = (): Uint8Array => assert.fail('memory was taken')
      const reader = createFrameReader(() => assert.fail('a frame came'), allocate)
      assert.throws(
        () => reader.push(prefix),
        (error) => isSluiceError(error, 'FRAME_INVALID'),
      )
    }
  })
})
