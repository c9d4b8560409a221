import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { base36 } from 'multiformats/bases/base36'
import { base58btc } from 'multiformats/bases/base58'
import { CID } from 'multiformats/cid'
import { create } from 'multiformats/hashes/digest'
import { isSluiceError } from '../errors.ts'
import { pattern } from '../content/fixtures.ts'
import { parsePeerId, peerIdFromBytes, peerIdToBytes } from './peer-id.ts'

/** An Ed25519 key inside its id, and an RSA key's hash. */
const IDS = ['12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp', 'QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N']

describe('peer id', () => {
  it('is the same bytes whichever text names it', () => {
    for (const peerId of IDS) {
      const { code, digest, bytes } = parsePeerId(peerId)
      const cid = CID.createV1(0x72, create(code, digest))
      for (const text of [peerId, cid.toString(), cid.toString(base36), cid.toString(base58btc)]) {
        assert.deepEqual(peerIdToBytes(text), bytes, text)
      }
      assert.equal(peerIdFromBytes(bytes), peerId)
    }
  })

  it('refuses text that names no libp2p key', () => {
    const raw = CID.createV1(0x55, create(0x12, pattern(32, 1))).toString()
    for (const text of ['', 'peer', '1', '12D3KooW!', raw]) {
      assert.throws(
        () => peerIdToBytes(text),
        (error) => isSluiceError(error, 'BAD_INPUT'),
        text,
      )
    }
  })

  it('makes no text of bytes that are no peer id', () => {
    const bytes = peerIdToBytes(IDS[0] ?? '')
    const long = create(0x00, pattern(43, 1)).bytes
    const short = create(0x12, pattern(31, 1)).bytes
    const other = create(0x13, pattern(64, 1)).bytes
    for (const none of [new Uint8Array(), bytes.subarray(1), Uint8Array.of(...bytes, 0), long, short, other]) {
      assert.equal(peerIdFromBytes(none), undefined)
    }
  })
})
