import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinFrame } from './frame-channel.ts'
import { allocateWithHeadroom, prependInPlace } from './headroom.ts'

const allocate = (length: number) => new ArrayBuffer(length)
const head = Uint8Array.of(1, 2)

describe('headroom', () => {
  it('puts heads before a body in the body’s own memory', () => {
    const body = allocateWithHeadroom(3, allocate)
    body.set([7, 8, 9])
    const frame = prependInPlace([head, Uint8Array.of(3)], body)
    assert.deepEqual(frame, Uint8Array.of(1, 2, 3, 7, 8, 9))
    assert.equal(frame.buffer, body.buffer)
  })

  it('is used once, so that a frame that is still being sent does not change', () => {
    const body = allocateWithHeadroom(1, allocate)
    const first = joinFrame(head, body)
    const second = joinFrame(Uint8Array.of(5, 6), body)
    assert.deepEqual(first, Uint8Array.of(1, 2, 0))
    assert.deepEqual(second, Uint8Array.of(5, 6, 0))
    assert.notEqual(second.buffer, first.buffer)
  })

  it('leaves the neighbours of bytes alone that were not made with room', () => {
    const shared = new Uint8Array(64).fill(9)
    assert.equal(prependInPlace([head], shared.subarray(32)), undefined)
    assert.deepEqual(shared, new Uint8Array(64).fill(9))
    assert.equal(prependInPlace([new Uint8Array(33)], allocateWithHeadroom(1, allocate)), undefined)
    assert.equal(prependInPlace([head], allocateWithHeadroom(8, allocate).subarray(1)), undefined)
  })
})
