import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { bytesToHex, hexToBytes } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '../errors.ts'
import { sha256 } from './bytes.ts'
import { SLICE_BYTES } from './constants.ts'
import { pattern } from './fixtures.ts'
import { createSealer } from './sealer.ts'
import { openSlice, sealSlice } from './slice-cipher.ts'

type Vector = { key: Hex; index: number; sliceCount: number; plaintextSize: number; sha256: Hex; tag: Hex }

const vectors = JSON.parse(
  readFileSync(new URL('../../../test/vectors/sealed-slices.json', import.meta.url), 'utf8'),
) as Vector[]
const KEY = pattern(32, 9)
const failsToDecrypt = (error: unknown): boolean => isSluiceError(error, 'DECRYPT_FAILED')

describe('slice cipher', () => {
  it('seals the vectors, and opens what it sealed', async () => {
    for (const vector of vectors) {
      const seal = { key: hexToBytes(vector.key), index: vector.index, sliceCount: vector.sliceCount }
      const sealed = await sealSlice(seal, pattern(vector.plaintextSize))
      assert.equal(bytesToHex(await sha256(sealed)), vector.sha256)
      assert.equal(bytesToHex(sealed.subarray(-16)), vector.tag)
      assert.deepEqual(await openSlice(seal, sealed), pattern(vector.plaintextSize))
    }
  })

  it('agrees with another implementation of AES-256-GCM', async () => {
    const cipher = createCipheriv('aes-256-gcm', KEY, new Uint8Array(12))
    cipher.setAAD(Buffer.concat([Buffer.from('sluice/slice/1'), Buffer.from([0, 0, 1, 2, 0, 1, 0, 0])]))
    const expected = Buffer.concat([cipher.update(pattern(1000)), cipher.final(), cipher.getAuthTag()])
    const sealed = await sealSlice({ key: KEY, index: 0x102, sliceCount: 0x10000 }, pattern(1000))
    assert.deepEqual(sealed, new Uint8Array(expected))
  })

  it('refuses another key, index, count or byte', async () => {
    const seal = { key: KEY, index: 3, sliceCount: 9 }
    const sealed = await sealSlice(seal, pattern(100))
    const flipped = sealed.with(50, (sealed[50] ?? 0) ^ 1)
    await assert.rejects(openSlice({ ...seal, key: pattern(32, 8) }, sealed), failsToDecrypt)
    await assert.rejects(openSlice({ ...seal, index: 4 }, sealed), failsToDecrypt)
    await assert.rejects(openSlice({ ...seal, sliceCount: 10 }, sealed), failsToDecrypt)
    await assert.rejects(openSlice(seal, flipped), failsToDecrypt)
    await assert.rejects(openSlice(seal, sealed.subarray(0, 15)), failsToDecrypt)
    await assert.rejects(openSlice(seal, new Uint8Array(SLICE_BYTES + 17)), failsToDecrypt)
  })

  it('refuses more plaintext than a slice holds', async () => {
    await assert.rejects(sealSlice({ key: KEY, index: 0, sliceCount: 1 }, new Uint8Array(SLICE_BYTES + 1)), (error) =>
      isSluiceError(error, 'BAD_INPUT'),
    )
  })
})

describe('sealer', () => {
  it('seals every index at most once, even when the first time failed', async () => {
    const sealer = createSealer(12)
    await sealer.seal(7, pattern(10))
    await assert.rejects(sealer.seal(7, pattern(10)), (error) => isSluiceError(error, 'BAD_INPUT'))
    await assert.rejects(sealer.seal(8, new Uint8Array(SLICE_BYTES + 1)))
    await assert.rejects(sealer.seal(8, pattern(10)), /already sealed/)
    await assert.rejects(sealer.seal(12, pattern(10)), (error) => isSluiceError(error, 'BAD_INPUT'))
  })

  it('makes a fresh content key for every attempt', () => {
    assert.notDeepEqual(createSealer(1).contentKey, createSealer(1).contentKey)
  })
})
