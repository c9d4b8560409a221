import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatMagnet, parseMagnet } from './magnet.ts'
import type { Magnet } from './magnet.ts'

const INFO_HASH = `0x${'ab'.repeat(20)}` as const
const FULL: Magnet = {
  infoHash: INFO_HASH,
  name: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
  length: 786_432,
  trackers: ['http://127.0.0.1:4006/announce', 'ws://127.0.0.1:4006/?a=1&b=2'],
  peers: ['127.0.0.1:4005', '[::1]:4005'],
  content: `0x${'cd'.repeat(32)}`,
}

describe('magnet links', () => {
  it('says everything, and is read back as it was', () => {
    const link = formatMagnet(FULL)
    assert.ok(link.startsWith(`magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=bafybei`), link)
    assert.deepEqual(parseMagnet(link), FULL)
  })

  it('needs the info-hash alone', () => {
    const bare: Magnet = { infoHash: INFO_HASH, trackers: [], peers: [] }
    assert.deepEqual(parseMagnet(formatMagnet(bare)), bare)
    assert.deepEqual(parseMagnet(`magnet:?xt=urn:btih:${'AB'.repeat(20)}`), bare)
  })

  it('is nothing without an info-hash in hex', () => {
    for (const text of ['', 'magnet:', 'magnet:?dn=a', `magnet:?xt=urn:btih:${'ab'.repeat(19)}`, 'https://a.b/?xt=1']) {
      assert.equal(parseMagnet(text), undefined)
    }
  })

  it('reads no more trackers, peers and digits than are of use', () => {
    const many = '&tr=http://a/announce&x.pe=1.2.3.4:5'.repeat(40)
    const magnet = parseMagnet(`magnet:?xt=urn:btih:${'ab'.repeat(20)}&xl=${'9'.repeat(30)}${many}`)
    assert.deepEqual([magnet?.trackers.length, magnet?.peers.length, magnet?.length], [16, 16, undefined])
  })
})
