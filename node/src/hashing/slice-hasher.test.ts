import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { isSluiceError } from '@sluice/sdk'
import { discard } from '@sluice/sdk/content'
import { createSliceHasher } from './slice-hasher.ts'

const SLICE_BYTES = 262_144
const HEAD_BYTES = 20

const started: ReturnType<typeof createSliceHasher>[] = []
after(() => Promise.all(started.map((hasher) => hasher.stop())))

/** A slice as it lies in its frame's memory. */
function makeSlice(length = SLICE_BYTES): Uint8Array {
  return new Uint8Array(Uint8Array.from(randomBytes(HEAD_BYTES + length)).buffer, HEAD_BYTES, length)
}

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** A hasher whose thread is up. */
async function startHasher() {
  const hasher = createSliceHasher({ cores: 2 })
  started.push(hasher)
  let first = hasher.hash(makeSlice())
  for (; first === undefined; first = hasher.hash(makeSlice())) await turn()
  await first
  return hasher
}

describe('the thread that hashes slices', () => {
  it('gives each one’s digest, and its bytes back in memory that was handed over', async () => {
    const { hash } = await startHasher()
    const slices = Array.from({ length: 50 }, () => makeSlice())
    const expected = slices.map(digestOf)
    const hashed = await Promise.all(slices.map(async (slice) => hash(slice)))
    for (const [at, slice] of slices.entries()) {
      const [digest, bytes] = [hashed[at]?.digest ?? new Uint8Array(), hashed[at]?.bytes ?? new Uint8Array()]
      assert.equal(Buffer.from(digest).toString('hex'), expected[at])
      assert.deepEqual([bytes.length, digestOf(bytes)], [SLICE_BYTES, expected[at]])
      assert.equal(slice.length, 0)
    }
  })

  it('leaves what is short, or in memory with other things, to be hashed in place', async () => {
    const { hash } = await startHasher()
    const short = makeSlice(1000)
    const part = new Uint8Array(new ArrayBuffer(4 * SLICE_BYTES), 0, SLICE_BYTES)
    const shared = new Uint8Array(new SharedArrayBuffer(SLICE_BYTES))
    for (const bytes of [short, part, shared]) {
      const { length } = bytes
      assert.equal(hash(bytes), undefined)
      assert.equal(bytes.length, length)
    }
  })

  it('rejects what lost its memory before it could be sent, and goes on', async () => {
    const { hash } = await startHasher()
    const slice = makeSlice()
    const lost = hash(slice)
    discard(slice)
    await assert.rejects(async () => lost, { name: 'DataCloneError' })
    assert.equal((await hash(makeSlice()))?.bytes.length, SLICE_BYTES)
  })

  it('is not started on a machine with one core', async () => {
    const { hash } = createSliceHasher({ cores: 1 })
    for (let turns = 0; turns < 3; turns += 1) {
      assert.equal(hash(makeSlice()), undefined)
      await turn()
    }
  })

  it('leaves everything to be hashed in place until it is up', () => {
    const hasher = createSliceHasher({ cores: 2 })
    started.push(hasher)
    const slice = makeSlice()
    assert.equal(hasher.hash(slice), undefined)
    assert.equal(slice.length, SLICE_BYTES)
  })

  it('hashes what waits for it when it ends, rejects what is lost with it, and leaves the rest to be hashed in place', async () => {
    const { hash, stop } = await startHasher()
    const slices = Array.from({ length: 80 }, () => makeSlice())
    const expected = slices.map(digestOf)
    const outcomes = Promise.allSettled(slices.map(async (slice) => hash(slice)))
    await turn()
    await stop()
    const isHere = slices.map(({ length }) => length > 0)
    assert.ok(isHere.includes(true) && isHere.includes(false))
    for (const [at, outcome] of (await outcomes).entries()) {
      if (outcome.status === 'rejected') assert.ok(isSluiceError(outcome.reason, 'INTERNAL') && isHere[at] !== true)
      else {
        assert.equal(Buffer.from(outcome.value?.digest ?? []).toString('hex'), expected[at])
        assert.equal(digestOf(outcome.value?.bytes ?? new Uint8Array()), expected[at])
      }
    }
    const late = makeSlice()
    assert.equal(hash(late), undefined)
    assert.equal(late.length, SLICE_BYTES)
  })

  it('rejects what lost its memory while it waited, when it ends', async () => {
    const { hash, stop } = await startHasher()
    const slice = makeSlice()
    const lost = hash(slice)
    discard(slice)
    const outcome = assert.rejects(async () => lost)
    await stop()
    await outcome
  })
})
