import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coverRange } from '../content/index.ts'
import type { Manifest } from '../content/index.ts'
import { planSource } from './plan-source.ts'

const NETWORK = { requestContent: () => Promise.reject(new Error('not asked here')) }
const PROVIDER = { url: 'https://seeder.example' }
const OPEN = { access: 'open' } as const
const SEALED = { access: 'sealed' } as const
const PREVIEWED = { ...SEALED, manifest: { preview: coverRange(new Uint8Array(32), 4, 0, 1) } as Manifest }

describe('plan of how to reach a provider', () => {
  const plan = (more: Partial<planSource.Options>) =>
    planSource({ network: NETWORK, provider: PROVIDER, content: PREVIEWED, entitled: false, ...more })

  it('asks for a preview over HTTP first, which needs no Hello', () => {
    assert.deepEqual(plan({}), { order: ['http', 'exchange'], race: true })
  })

  it('takes open content by the exchange first', () => {
    assert.deepEqual(plan({ content: OPEN }), { order: ['exchange', 'http'], race: true })
  })

  it('lets HTTP, which gives less, never win against an exchange that pays', () => {
    assert.deepEqual(plan({ entitled: true }), { order: ['exchange', 'http'], race: false })
  })

  it('uses the exchange alone where nothing is public, no URL is announced, or no HTTP is used', () => {
    for (const more of [{ content: SEALED }, { provider: {} }, { network: {} }, { content: OPEN, provider: {} }]) {
      assert.deepEqual(plan(more), { order: ['exchange'], race: false })
    }
  })
})
