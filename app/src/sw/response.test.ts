import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseStreamPath } from './messages.ts'
import { planResponse } from './response.ts'

const VIDEO = { size: 1000, mime: 'video/mp4', name: 'film.mp4' }
const TOKEN = 'ab'.repeat(16)

describe('planResponse', () => {
  it('answers a range of a video with 206 and its place in the whole', () => {
    const plan = planResponse(VIDEO, 'bytes=100-199', false)
    assert.deepEqual([plan.status, plan.start, plan.end], [206, 100, 200])
    assert.equal(plan.headers['Content-Range'], 'bytes 100-199/1000')
    assert.equal(plan.headers['Content-Length'], '100')
    assert.equal(plan.headers['Content-Type'], 'video/mp4')
  })

  it('answers a range past the end with 416 and the size', () => {
    const plan = planResponse(VIDEO, 'bytes=1000-', false)
    assert.equal(plan.status, 416)
    assert.equal(plan.headers['Content-Range'], 'bytes */1000')
  })

  it('turns types that could run script into downloads', () => {
    for (const mime of ['text/html', 'image/svg+xml', 'application/pdf', 'VIDEO/MP4', 'video/mp4; x=1']) {
      const { headers } = planResponse({ ...VIDEO, mime }, null, false)
      assert.equal(headers['Content-Type'], 'application/octet-stream')
      assert.match(headers['Content-Disposition'] ?? '', /^attachment/)
    }
  })

  it('forbids sniffing and script whatever the type', () => {
    const { headers } = planResponse(VIDEO, null, false)
    assert.equal(headers['X-Content-Type-Options'], 'nosniff')
    assert.match(headers['Content-Security-Policy'] ?? '', /^sandbox;/)
  })

  it('keeps a hostile name inside its header', () => {
    const { headers } = planResponse({ ...VIDEO, name: 'a"\r\nSet-Cookie: x\ud800(é)' }, null, true)
    assert.equal(
      headers['Content-Disposition'],
      "attachment; filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20x%EF%BF%BD%28%C3%A9%29",
    )
  })
})

describe('parseStreamPath', () => {
  it('reads the token and whether to save', () => {
    assert.deepEqual(parseStreamPath(`/~stream/${TOKEN}`), { token: TOKEN, save: false })
    assert.deepEqual(parseStreamPath(`/~stream/${TOKEN}/save`), { token: TOKEN, save: true })
  })

  it('leaves every other path to the network', () => {
    for (const path of ['/', '/~stream/', `/~stream/${TOKEN}/x`, `/~stream/${TOKEN}/save/x`, `/x/~stream/${TOKEN}`]) {
      assert.equal(parseStreamPath(path), undefined)
    }
  })
})
