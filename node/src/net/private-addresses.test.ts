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
})
