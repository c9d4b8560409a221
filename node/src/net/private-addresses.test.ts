import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isPrivate } from './private-addresses.ts'

describe('addresses', () => {
  it('of this machine and of private networks are told from others, mapped ones too', () => {
    for (const host of [
      '127.0.0.1',
      '10.1.2.3',
      '172.31.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '0.0.0.0',
      '100.64.0.1',
    ])
      assert.ok(isPrivate(host), host)
    for (const host of ['::1', '::', 'fd00::1', 'fe80::1', '::ffff:127.0.0.1', 'localhost', 'printer.local'])
      assert.ok(isPrivate(host), host)
    for (const host of ['1.1.1.1', '172.32.0.1', '2001:db8::1', '::ffff:1.1.1.1', 'tracker.example'])
      assert.ok(!isPrivate(host), host)
  })

  it('are those that they lead to, through a gateway as well', () => {
    for (const host of ['::ffff:a00:1', '64:ff9b::10.0.0.1', '64:FF9B::7f00:1', '2002:c0a8:101::1', 'fec0::1'])
      assert.ok(isPrivate(host), host)
    for (const host of ['::10.0.0.1', '::1.1.1.1', '64:ff9b:1::10.0.0.1', '64:ff9b:1:ffff::1'])
      assert.ok(isPrivate(host), host)
    for (const host of ['64:ff9b::1.1.1.1', '64:ff9b:2::1', '::1:0:1.1.1.1', '2002:101:101::1', '::ffff:101:101'])
      assert.ok(!isPrivate(host), host)
  })
})
