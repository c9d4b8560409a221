import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { cidOf, RAW } from '../content/index.ts'
import { isSluiceError } from '../errors.ts'
import { parseContentReference } from './content-reference.ts'

const CONTENT_ID = `0x${'Ab'.repeat(32)}`

describe('content references', () => {
  it('reads a content id in any case', () => {
    assert.deepEqual(parseContentReference(CONTENT_ID), { kind: 'content', contentId: CONTENT_ID.toLowerCase() })
  })

  it('reads a CID, and the same CID as the name in a magnet link', async () => {
    const cid = await cidOf(RAW, new Uint8Array([1, 2, 3]))
    for (const text of [`${cid}`, ` ${cid} `, `magnet:?xt=urn:btih:${'0'.repeat(40)}&dn=${cid}`]) {
      const reference = parseContentReference(text)
      assert.equal(reference.kind === 'cid' && reference.cid.toString(), cid.toString())
    }
  })

  it('prefers what a magnet link says of the content over the torrent’s name', async () => {
    const cid = await cidOf(RAW, new Uint8Array([1, 2, 3]))
    const magnet = `magnet:?xt=urn:btih:${'0'.repeat(40)}&dn=${cid}&x.sluice=${CONTENT_ID}`
    assert.deepEqual(parseContentReference(magnet), { kind: 'content', contentId: CONTENT_ID.toLowerCase() })
  })

  it('refuses everything else with BAD_INPUT', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), (text) => {
        assert.throws(
          () => parseContentReference(text),
          (error) => isSluiceError(error, 'BAD_INPUT'),
        )
      }),
    )
  })
})
