import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { resolveHost } from './resolve-host.ts'

describe('a host that a stranger names', () => {
  const { signal } = new AbortController()
  const lookup = (...addresses: string[]) => {
    return () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }

  it('is asked at those of its addresses that are public', async () => {
    const addresses = lookup('10.0.0.1', '1.1.1.1', '::ffff:127.0.0.1', '::ffff:7f00:1', 'fe80::1', '2001:db8::1')
    const found = await resolveHost('tracker.example', { privateNetwork: false, signal, lookup: addresses })
    assert.deepEqual(
      found.map(({ address }) => address),
      ['1.1.1.1', '2001:db8::1'],
    )
  })

  it('is asked nowhere where it has none of them', async () => {
    const reach = { privateNetwork: false, signal, lookup: lookup('127.0.0.1') }
    for (const host of ['tracker.example', '127.0.0.1', '[::1]']) {
      await assert.rejects(resolveHost(host, reach), /no address/)
      assert.equal((await resolveHost(host, { ...reach, privateNetwork: true })).length, 1)
    }
  })

  it('is not waited for longer than the signal says', async () => {
    const lookup = () => new Promise<never>(() => undefined)
    const reach = { privateNetwork: false, lookup }
    await assert.rejects(resolveHost('a.example', { ...reach, signal: AbortSignal.timeout(20) }), {
      name: 'TimeoutError',
    })
    await assert.rejects(resolveHost('a.example', { ...reach, signal: AbortSignal.abort() }), { name: 'AbortError' })
  })
})
