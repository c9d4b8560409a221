import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isLive, standingOf } from './standing.ts'

describe('how an offer stands', () => {
  it('sells where a key could be bought, and has ended with its time', () => {
    assert.equal(standingOf({ available: 1n, expiry: 10n }, 5).label, 'On offer')
    assert.equal(standingOf({ available: 0n, expiry: 5n }, 5).label, 'Offer has ended')
    assert.equal(isLive({ expiry: 5n }, 5), false)
  })

  it('waits, with a warning, where its seller has no key or no approval before it ends', () => {
    const standing = standingOf({ available: 0n, expiry: 2n ** 64n - 1n }, 5)
    assert.equal(standing.label, 'Offer waits')
    assert.match(standing.warning ?? '', /would sell the next key/)
    assert.equal(isLive({ expiry: 2n ** 64n - 1n }, 5), true)
  })
})
