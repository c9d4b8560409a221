import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { isSluiceError } from '../errors.ts'
import { parseKeepers, parseProviders } from './announcements.ts'

const KEEPER = { peerId: '12D3KooW', multiaddrs: [], publicKey: `0x${'11'.repeat(32)}`, proof: `0x${'22'.repeat(64)}` }

describe('lists that a node announces', () => {
  it('reads providers and keepers', () => {
    const provider = { peerId: '12D3KooW', multiaddrs: ['/ip4/127.0.0.1/tcp/1'], url: 'http://127.0.0.1:4003/' }
    assert.deepEqual(parseProviders([provider]), [provider])
    assert.deepEqual(parseKeepers([KEEPER]), [KEEPER])
  })

  it('cuts lists and addresses that are too long', () => {
    const provider = { peerId: 'p', multiaddrs: Array.from({ length: 99 }, () => '/ip4/127.0.0.1') }
    const parsed = parseProviders(Array.from({ length: 99 }, () => provider))
    assert.equal(parsed.length, 64)
    assert.equal(parsed[0]?.multiaddrs.length, 16)
  })

  it('refuses addresses that are not http, and keys of another length', () => {
    assert.throws(() => parseProviders([{ peerId: 'p', multiaddrs: [], url: 'javascript:alert(1)' }]))
    assert.throws(() => parseKeepers([{ ...KEEPER, publicKey: '0x11' }]))
  })

  it('refuses any other JSON with PROTOCOL_VIOLATION, never otherwise', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          parseProviders(value)
        } catch (error) {
          assert.ok(isSluiceError(error, 'PROTOCOL_VIOLATION'))
        }
      }),
    )
  })
})
