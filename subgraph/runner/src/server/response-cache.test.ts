import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createResponseCache } from './response-cache.ts'

describe('the answers kept', () => {
  const create = (maxBytes = 10_000) => {
    const cache = createResponseCache(maxBytes)
    let made = 0
    const get = (query: string, version = '1', variables?: Record<string, unknown>, length = 10) =>
      cache.get({ query, ...(variables === undefined ? {} : { variables }) }, version, () =>
        `${(made += 1)}`.padEnd(length),
      )
    return { get, made: () => made }
  }

  it('are given again for the same request at the same version', () => {
    const { get, made } = create()
    assert.equal(get('{ a }'), get('{ a }'))
    assert.equal(made(), 1)
  })

  it('differ by text and variables', () => {
    const { get, made } = create()
    get('{ a }')
    get('{ b }')
    get('{ a }', '1', { x: 1 })
    get('{ a }', '1', { x: 2 })
    assert.equal(made(), 4)
  })

  it('are forgotten with their version', () => {
    const { get, made } = create()
    get('{ a }', '1')
    get('{ a }', '2')
    get('{ a }', '1')
    assert.equal(made(), 3)
  })

  it('go when there are too many, the longest unused first', () => {
    const { get, made } = create(2_200)
    for (const query of 'abcdefghi') get(query, '1', undefined, 100)
    get('a', '1', undefined, 100)
    get('j', '1', undefined, 100)
    assert.equal(made(), 10)
    get('a', '1', undefined, 100)
    assert.equal(made(), 10)
    get('b', '1', undefined, 100)
    assert.equal(made(), 11)
  })

  it('are not those that would take the place of many', () => {
    const { get, made } = create(1_000)
    get('a', '1', undefined, 500)
    get('a', '1', undefined, 500)
    assert.equal(made(), 2)
  })
})
