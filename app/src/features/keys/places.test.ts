import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { distinctPlaces, placesKey } from './places.ts'

const [ADA, BOB] = [`0x${'ad'.repeat(20)}`, `0x${'b0'.repeat(20)}`] as const

describe('places where keys are offered', () => {
  it('are there once each, by edition and seller, whatever an index repeats', () => {
    const rows = [
      { id: '0x01', editionId: 1n, seller: ADA },
      { id: '0x02', editionId: 1n, seller: BOB },
      { id: '0x03', editionId: 1n, seller: ADA },
      { id: '0x04', editionId: 2n, seller: ADA },
    ]
    const places = distinctPlaces(rows)
    assert.deepEqual(places, [
      { editionId: 1n, seller: ADA },
      { editionId: 1n, seller: BOB },
      { editionId: 2n, seller: ADA },
    ])
    assert.equal(placesKey(places), `${ADA} 1,${BOB} 1,${ADA} 2`)
  })
})
