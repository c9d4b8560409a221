import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatPeerAddress, parsePeerAddress, usableTrackers } from './addresses.ts'

describe('peer addresses', () => {
  it('are read as trackers and magnet links write them, and written so', () => {
    for (const text of ['1.2.3.4:5', '[2001:db8::1]:6881']) {
      const address = parsePeerAddress(text)
      assert.ok(address)
      assert.equal(formatPeerAddress(address), text)
    }
  })

  it('are numbers: no host names, no ports out of range', () => {
    for (const text of [
      '',
      'a.example:80',
      '1.2.3.4',
      '1.2.3.4:0',
      '1.2.3.4:65536',
      '1.2.3:4',
      '2001:db8::1:80',
      '[1.2.3.4:5',
    ]) {
      assert.equal(parsePeerAddress(text), undefined, text)
    }
  })
})

describe('trackers', () => {
  it('are asked where they are of a known kind, and private ones only on a private network', () => {
    const own = ['http://127.0.0.1:1/announce', 'https://[::1]:2', 'udp://localhost:3', 'http://localhost.:4']
    const written = [
      'udp://2130706433:4001',
      'udp://0x7f000001',
      ' UDP://127.1:1',
      'udp://[::ffff:7f00:1]:1',
      'udp://LOCALHOST.',
    ]
    const others = ['https://tracker.example/announce', 'udp://tracker.example:1337', 'udp://1.1.1.1:1']
    const urls = [
      ...own,
      ...written,
      ...others,
      'udp://1.1.1.1:0',
      'ws://tracker.example',
      'file:///etc/passwd',
      'javascript:1',
      'no url',
    ]
    assert.deepEqual(usableTrackers(urls, false), others)
    assert.deepEqual(usableTrackers(urls, true), [...own, ...written, ...others])
  })
})
