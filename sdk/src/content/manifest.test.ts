import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { decode, encode } from '@ipld/dag-cbor'
import fc from 'fast-check'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { cidOfBlockHash, cidOfDigest, DAG_CBOR, DAG_PB, RAW } from './cid.ts'
import { decodeManifest } from './decode-manifest.ts'
import { encodeManifest } from './encode-manifest.ts'
import { pattern } from './fixtures.ts'
import { coverRange } from './key-tree.ts'
import { manifestCid, metaHashOf } from './manifest.ts'
import type { ComponentFields, Manifest } from './manifest.ts'
import { sliceCountOf } from './slice-count.ts'

type Vector = { encoded: Hex; cid: string; metaHash: Hex }

const vector = JSON.parse(
  readFileSync(new URL('../../../test/vectors/manifest.json', import.meta.url), 'utf8'),
) as Vector

const MANIFEST: Manifest = {
  kind: 'media',
  access: 'sealed',
  name: 'film.mp4',
  title: 'A film',
  description: 'Two lines,\nas people write them.',
  mime: 'video/mp4',
  createdAt: 1_800_000_000,
  byteSize: 5_000_000,
  sliceCount: sliceCountOf(5_000_000, 'sealed'),
  root: cidOfDigest(DAG_PB, pattern(32, 1)),
  proofRoot: bytesToHex(pattern(32, 2)),
  infoHash: bytesToHex(pattern(20, 3)),
  preview: coverRange(pattern(32, 4), sliceCountOf(5_000_000, 'sealed'), 0, 2),
  previous: cidOfDigest(DAG_CBOR, pattern(32, 5)),
  thumbnail: cidOfDigest(RAW, pattern(32, 6)),
}

const COMPONENT: ComponentFields = {
  cardHash: bytesToHex(pattern(32, 7)),
  interface: '{"type":"object"}',
  implementationHash: bytesToHex(pattern(32, 8)),
  dependencies: [{ name: 'sluice/core', version: '^1.2.0' }],
  signature: bytesToHex(pattern(65, 9)),
}

const refused = (error: unknown): boolean => isSluiceError(error, 'MANIFEST_INVALID')

/** The manifest's encoding with some fields replaced, or taken out when `undefined`. */
function tampered(changes: Record<string, unknown>): Uint8Array {
  const fields = { ...decode<Record<string, unknown>>(encodeManifest(MANIFEST)), ...changes }
  return encode(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)))
}

describe('manifest', () => {
  it('is the block of the vector, named by its sha2-256', async () => {
    const encoded = encodeManifest(MANIFEST)
    assert.equal(bytesToHex(encoded), vector.encoded)
    assert.equal((await manifestCid(encoded)).toString(), vector.cid)
    assert.equal(await metaHashOf(encoded), vector.metaHash)
    assert.equal(vector.metaHash, `0x${createHash('sha256').update(encoded).digest('hex')}`)
    assert.equal(cidOfBlockHash(vector.metaHash).toString(), vector.cid)
  })

  it('survives encoding and decoding, with and without its optional fields', () => {
    const { preview: _preview, previous: _previous, thumbnail: _thumbnail, ...bare } = MANIFEST
    const component: Manifest = { ...bare, kind: 'component', component: COMPONENT }
    for (const manifest of [MANIFEST, bare, component]) {
      assert.deepEqual(decodeManifest(encodeManifest(manifest)), manifest)
    }
  })

  it('refuses a later format with a hint', () => {
    assert.throws(
      () => decodeManifest(tampered({ format: 2, somethingNew: true })),
      (error) => isSluiceError(error, 'MANIFEST_INVALID') && error.hint?.includes('update') === true,
    )
  })

  it('refuses missing, foreign, oversized and mistyped fields', () => {
    const changes: Record<string, unknown>[] = [
      { title: 'x'.repeat(201) },
      { title: '' },
      { title: 'safe\u202efdp.exe' },
      { title: undefined },
      { title: 7 },
      { name: '../etc/passwd' },
      { name: '..' },
      { name: 'a\u0000b' },
      { description: 'x'.repeat(5001) },
      { description: 'bell\u0007' },
      { mime: 'video' },
      { mime: 'Text/HTML' },
      { mime: 'text/html\nx: y' },
      { kind: 'app' },
      { access: 'free' },
      { createdAt: -1 },
      { createdAt: 1.5 },
      { byteSize: 5_000_000_000 },
      { byteSize: 2 ** 53 },
      { byteSize: 2n ** 60n },
      { sliceCount: 0 },
      { sliceCount: 21 },
      { sliceCount: 2 ** 25 },
      { root: cidOfDigest(RAW, pattern(32)) },
      { root: pattern(36) },
      { proofRoot: pattern(31) },
      { infoHash: pattern(32) },
      { previous: cidOfDigest(RAW, pattern(32)) },
      { thumbnail: cidOfDigest(DAG_CBOR, pattern(32)) },
      { preview: { firstSlice: 0, lastSlice: 2, nodes: pattern(31) } },
      { preview: { firstSlice: 2, lastSlice: 1, nodes: pattern(32) } },
      { preview: { firstSlice: 0, lastSlice: 20, nodes: pattern(32) } },
      { component: {} },
      { kind: 'component' },
      { unexpected: true },
    ]
    for (const change of changes) {
      assert.throws(() => decodeManifest(tampered(change)), refused, JSON.stringify(Object.keys(change)))
    }
  })

  it('refuses component fields that are not what they should be', () => {
    const changes: Partial<Record<keyof ComponentFields, unknown>>[] = [
      { interface: '[]' },
      { interface: '{' },
      { cardHash: pattern(20) },
      { dependencies: Array.from({ length: 65 }, () => ({ name: 'a', version: '1' })) },
      { dependencies: [{ name: 'a' }] },
      { signature: pattern(513) },
    ]
    const fields = { ...COMPONENT, cardHash: pattern(32), implementationHash: pattern(32), signature: pattern(65) }
    decodeManifest(tampered({ kind: 'component', component: fields }))
    for (const change of changes) {
      const component = { ...fields, ...change }
      assert.throws(() => decodeManifest(tampered({ kind: 'component', component })), refused)
    }
  })

  it('refuses junk, trailing bytes and encodings that are not canonical', () => {
    const encoded = encodeManifest(MANIFEST)
    const floatFormat = hexToBytes('0xa166666f726d6174fb3ff0000000000000')
    const hostile = [new Uint8Array(0), pattern(500), encoded.subarray(1), new Uint8Array([...encoded, 0]), floatFormat]
    for (const bytes of [...hostile, new Uint8Array(2 ** 20 + 1), new Uint8Array(2 ** 20).fill(0x81)]) {
      assert.throws(() => decodeManifest(bytes), refused)
    }
  })

  it('never fails in another way, whatever the bytes', () => {
    const encoded = encodeManifest(MANIFEST)
    fc.assert(
      fc.property(fc.nat(encoded.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = encoded.with(at, (encoded[at] ?? 0) ^ change)
        try {
          decodeManifest(bytes)
        } catch (error) {
          assert.ok(refused(error), String(error))
        }
      }),
      { numRuns: 500 },
    )
  })
})
