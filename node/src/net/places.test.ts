import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPlaces } from './places.ts'

describe('places for connections', () => {
  it('are given to one address prefix up to its part, and to others still', () => {
    const places = createPlaces(8)
    const taken = [places.take('a'), places.take('a')]
    assert.ok(taken.every((leave) => leave !== undefined))
    assert.equal(places.take('a'), undefined)
    assert.ok(places.take('b'))
  })

  it('are no more in all than there are', () => {
    const places = createPlaces(2)
    assert.ok(places.take('a'))
    assert.ok(places.take('b'))
    assert.equal(places.take('c'), undefined)
  })

  it('are free again once left, and once only', () => {
    const places = createPlaces(4)
    const leave = places.take('a')
    assert.equal(places.take('a'), undefined)
    leave?.()
    leave?.()
    assert.ok(places.take('a'))
    assert.equal(places.take('a'), undefined)
  })
})
