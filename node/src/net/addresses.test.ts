import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addressPrefix, multiaddrOfUrl, urlOfMultiaddrs } from './addresses.ts'

describe('addresses', () => {
  it('turns a URL into a multiaddr and back', () => {
    for (const url of [
      'http://127.0.0.1:4003',
      'https://node.example',
      'http://[::1]:80',
      'https://node.example:8443',
    ]) {
      assert.equal(urlOfMultiaddrs([multiaddrOfUrl(url)]), new URL(url).origin)
    }
    assert.equal(multiaddrOfUrl('https://node.example'), '/dns4/node.example/tcp/443/https')
  })

  it('ignores addresses of other transports and nonsense', () => {
    assert.equal(
      urlOfMultiaddrs(['/ip4/1.2.3.4/tcp/4001', '/ip4/1.2.3.4/tcp/1/ws', 'nonsense', '/unix/a/http']),
      undefined,
    )
  })

  it('groups IPv4 by /24 and IPv6 by /48', () => {
    assert.equal(addressPrefix('192.0.2.77'), '192.0.2')
    assert.equal(addressPrefix('::ffff:192.0.2.77'), '192.0.2')
    assert.equal(addressPrefix('2001:DB8:1:2::3'), '2001:db8:1')
    assert.equal(addressPrefix('::1'), '0:0:0')
  })
})
