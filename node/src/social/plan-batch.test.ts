import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { SOCIAL_REFUSALS } from '@sluice/sdk/social'
import { numberToHex, pad, zeroAddress, zeroHash } from 'viem'
import type { PoolEntry } from './entries.ts'
import { lastingAnswers, planBatch, sortAnswers } from './plan-batch.ts'

const POLICY = { minBatch: 3, maxWaitMs: 1000 }

function entry(index: number, state: PoolEntry['state'] = 'pending', since = 0): PoolEntry {
  const action = {
    ...{ wallet: zeroAddress, session: { qx: zeroHash, qy: zeroHash }, kind: 2 },
    ...{ subject: zeroHash, value: zeroHash, parent: zeroHash },
    ...{ nonce: BigInt(index), issuedAt: 0n, deadline: 1n },
  }
  return { id: pad(numberToHex(index)), post: { action, signature: { r: zeroHash, s: zeroHash } }, since, state }
}
const some = (count: number): PoolEntry[] => Array.from({ length: count }, (_, index) => entry(index))

describe('a batch', () => {
  it('waits until there is enough, or something has waited long enough', () => {
    assert.deepEqual(planBatch(some(2), POLICY, 999), [])
    assert.equal(planBatch(some(3), POLICY, 0).length, 3)
    assert.equal(planBatch(some(1), POLICY, 1000).length, 1)
    assert.deepEqual(planBatch([], POLICY, 10_000), [])
  })

  it('holds at most 64, and nothing that is in one already', () => {
    assert.equal(planBatch(some(100), POLICY, 0).length, 64)
    const mixed = [entry(0, 'submitted'), entry(1), entry(2, 'submitted'), entry(3, 'submitted')]
    assert.deepEqual(planBatch(mixed, POLICY, 999), [])
    assert.deepEqual(planBatch(mixed, POLICY, 1000), [mixed[1]])
  })

  it('is sorted by what the chain says of each', () => {
    const entries = some(6)
    const answers = ['none', 'nonce-spent', 'early', undefined, 'handle-taken', 'unchanged'] as const
    const { go, settled, refused } = sortAnswers(entries, answers)
    assert.deepEqual(go, [entries[0]])
    assert.deepEqual(settled, [entries[1]])
    assert.deepEqual(refused, [
      { entry: entries[4], reason: 'handle-taken' },
      { entry: entries[5], reason: 'unchanged' },
    ])
  })

  it('loses or doubles no action, whatever the chain says', () => {
    const answer = fc.option(fc.constantFrom(...SOCIAL_REFUSALS), { nil: undefined })
    fc.assert(
      fc.property(fc.array(answer, { maxLength: 64 }), (answers) => {
        const { go, settled, refused } = sortAnswers(some(answers.length), answers)
        const waits = answers.filter((each) => each === 'early' || each === undefined).length
        const ids = [...go, ...settled, ...refused.map(({ entry: { id } }) => ({ id }))].map(({ id }) => id)
        assert.equal(new Set(ids).size, answers.length - waits)
        assert.equal(ids.length, answers.length - waits)
      }),
    )
  })

  it('is given up by a look at a part of what waits only for what lasts', () => {
    assert.deepEqual(lastingAnswers(['stale', 'unchanged', 'not-entitled', 'nonce-spent', 'none', undefined]), [
      ...['stale', undefined, undefined, 'nonce-spent', undefined, undefined],
    ])
  })
})
