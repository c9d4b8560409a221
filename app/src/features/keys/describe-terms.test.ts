import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NATIVE_TOKEN, TO_THE_END } from '@sluice/sdk/chain'
import { describeEnd, describeTerms } from './describe-terms.ts'

const TERMS = {
  price: 1n,
  token: NATIVE_TOKEN,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: TO_THE_END,
  laterVersions: false,
  duration: 0,
  royaltyBps: 250,
  referralBps: 0,
  transferable: true,
  payouts: [],
}

describe('describeTerms', () => {
  it('describes a whole, resellable edition', () => {
    assert.deepEqual(describeTerms(TERMS), ['Everything', 'for good', 'resellable, 2.5% royalty'])
  })

  it('describes a timed part, which cannot be sold on', () => {
    const terms = { ...TERMS, firstSlice: 3, lastSlice: 9, duration: 7 * 86_400, laterVersions: true }
    assert.deepEqual(describeTerms(terms), ['Slices 3 to 9', 'for 7 days', 'later versions too', 'not transferable'])
  })
})

describe('describeEnd', () => {
  it('is a day, or until it is taken back where no calendar has the end', () => {
    assert.match(describeEnd(1_700_000_000n), /2023/)
    assert.equal(describeEnd(2n ** 64n - 1n), 'it is taken back')
  })
})
