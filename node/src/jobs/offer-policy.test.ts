import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createOfferPolicy } from './offer-policy.ts'

const HOUR_MS = 3_600_000
const settings = {
  policy: 'none',
  peers: [],
  maxBytes: 0,
  grantSeconds: 60,
  accept: 'any',
  acceptPeers: ['friend'],
  acceptBytes: 1000,
  checkSeconds: 60,
  graceSeconds: 0,
} as const

describe('what strangers may make a seeder fetch', () => {
  it('is nothing where the owner does not say so, and for others than its peers', () => {
    assert.equal(createOfferPolicy({ ...settings, accept: 'none' }).admits('friend'), false)
    const policy = createOfferPolicy({ ...settings, accept: 'peers' })
    assert.deepEqual([policy.admits('friend'), policy.admits('stranger')], [true, false])
  })

  it('is never more bytes at a time, nor in a day, than the owner said', () => {
    let now = 0
    const policy = createOfferPolicy(settings, () => now)
    assert.equal(policy.take('a', 1001, 0), undefined)
    assert.equal(policy.take('a', 500, 501), undefined)
    const place = policy.take('a', 600, 0)
    assert.ok(place)
    assert.deepEqual([place.more(300, 600), place.more(200, 900)], [true, false])
    place.leave()
    assert.equal(policy.take('b', 500, 0), undefined, 'fetched and let go again')
    now = 24 * HOUR_MS + 1
    assert.ok(policy.take('b', 500, 0))
  })

  it('is two replicas at once, and few offers of one peer in a minute', () => {
    const policy = createOfferPolicy(settings, () => 0)
    assert.deepEqual([policy.admits('a'), policy.admits('a'), policy.admits('b')], [true, false, true])
    const [first, second] = [policy.take('a', 1, 0), policy.take('b', 1, 0)]
    assert.ok(first && second)
    assert.deepEqual([policy.isTaking('a'), policy.isTaking('c')], [true, false])
    assert.equal(policy.take('c', 1, 0), undefined)
    assert.equal(policy.admits('c'), false)
    first.leave()
    first.leave()
    assert.ok(policy.take('d', 1, 0))
    assert.equal(policy.take('e', 1, 0), undefined, 'a place is given back once')
  })
})
