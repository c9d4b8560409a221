import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkConnection, parseConnection } from './connection.ts'

const PAGE = 'sluice.example'

describe('parseConnection', () => {
  it('reads the address and the token, and keeps only the origin', () => {
    const fragment = '#api=http%3A%2F%2F127.0.0.1%3A4001%2Fv1%2F&token=abc123'
    assert.deepEqual(parseConnection(fragment, PAGE), { url: 'http://127.0.0.1:4001', token: 'abc123' })
  })

  it('ignores fragments that are something else', () => {
    for (const fragment of ['', '#', '#section', '#api=http://127.0.0.1:1', '#token=abc', '#api=nonsense&token=abc']) {
      assert.equal(parseConnection(fragment, PAGE), undefined)
    }
  })

  it('takes a node on this machine or on the host of the page', () => {
    for (const url of [
      'http://127.0.0.1:4001',
      'http://localhost:1',
      'http://[::1]:1',
      'https://sluice.example:4001',
    ]) {
      assert.deepEqual(parseConnection(`#api=${url}&token=abc`, PAGE), { url, token: 'abc' })
    }
  })

  it('ignores a node anywhere else, which a hostile link could name', () => {
    const strangers = [
      'https://stranger.example',
      'https://sluice.example.stranger.example',
      'https://node.sluice.example',
      'https://localhost.stranger.example',
      'https://sluice.example@stranger.example',
      'http://sluice.example',
    ]
    for (const url of strangers) {
      assert.equal(parseConnection(`#api=${encodeURIComponent(url)}&token=abc`, PAGE), undefined, url)
    }
  })
})

describe('checkConnection', () => {
  it('sends a token in the clear to loopback only', () => {
    assert.ok(checkConnection('http://localhost:4001', 't'))
    assert.ok(checkConnection('http://[::1]:4001', 't'))
    assert.ok(checkConnection('https://node.example', 't'))
    assert.equal(checkConnection('http://node.example', 't'), undefined)
    assert.equal(checkConnection('http://127.0.0.1.node.example', 't'), undefined)
  })

  it('refuses other schemes, credentials in the address and broken tokens', () => {
    assert.equal(checkConnection('javascript:alert(1)', 't'), undefined)
    assert.equal(checkConnection('https://user@node.example', 't'), undefined)
    assert.equal(checkConnection('https://node.example', 'two words'), undefined)
    assert.equal(checkConnection('https://node.example', ''), undefined)
    assert.equal(checkConnection('https://node.example', 'x'.repeat(257)), undefined)
  })
})
