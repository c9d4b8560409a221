import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { encodeTorrentInfo, parseCid } from '@sluice/sdk/content'
import type { Store, StoredContent } from '../store/index.ts'
import { makeContent } from '../testing/exchange.ts'
import { createInfoCache } from './info.ts'

const HOUR_MS = 3_600_000
const BYTES = new Uint8Array(1000).fill(7)
const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest()

/** A content of one slice, whose bytes are always the same, and its info-hash. */
function makeOne() {
  const root = makeContent(1).root.toString()
  const content = { root, byteLength: BYTES.length, sliceCount: 1, have: 1 } as StoredContent
  const info = encodeTorrentInfo({ root: parseCid(root), byteLength: BYTES.length, pieces: sha1(BYTES) })
  return { content, infoHash: sha1(info).toString('hex') }
}

describe('the info dictionaries', () => {
  const isWrong = (error: unknown) => isSluiceError(error, 'MANIFEST_INVALID')
  let directory: string
  let now = 0
  let hashed = 0
  const here = new Set<string>()
  const start = () => {
    const readSlice = () => {
      hashed += 1
      return Promise.resolve(BYTES)
    }
    const isHere = (infoHash: string): boolean => here.has(infoHash)
    return createInfoCache({ readSlice } as unknown as Store, { directory, isHere, clock: () => now })
  }

  beforeEach(async () => {
    directory = join(await mkdtemp(join(tmpdir(), 'sluice-info-')), 'torrents')
    here.clear()
    now = hashed = 0
  })
  afterEach(() => rm(join(directory, '..'), { recursive: true }))

  it('are made once, also over restarts', async () => {
    const { content, infoHash } = makeOne()
    here.add(infoHash)
    const info = await start().read(content, infoHash)
    assert.deepEqual(new Uint8Array(await start().read(content, infoHash)), new Uint8Array(info))
    assert.equal(hashed, 1)
  })

  it('are not made again for an hour where the manifest names another’s info-hash', async () => {
    const { content } = makeOne()
    const infos = start()
    for (let time = 0; time < 3; time += 1) await assert.rejects(infos.read(content, 'ab'.repeat(20)), isWrong)
    assert.equal(hashed, 1)
    now = HOUR_MS
    await assert.rejects(infos.read(content, 'ab'.repeat(20)), isWrong)
    assert.equal(hashed, 2)
  })

  it('are not made again for an hour where they cannot be kept', async () => {
    const { content, infoHash } = makeOne()
    here.add(infoHash)
    await writeFile(directory, 'no directory')
    const infos = start()
    for (let time = 0; time < 3; time += 1) await assert.rejects(infos.read(content, infoHash))
    assert.equal(hashed, 1)
  })

  it('have so many failures remembered and no more, the latest', async () => {
    const infos = start()
    const all = Array.from({ length: 1001 }, makeOne)
    for (const { content } of all) await assert.rejects(infos.read(content, 'ab'.repeat(20)), isWrong)
    assert.equal(hashed, all.length)
    await assert.rejects(infos.read(all[1]!.content, 'ab'.repeat(20)), isWrong)
    assert.equal(hashed, all.length)
    await assert.rejects(infos.read(all[0]!.content, 'ab'.repeat(20)), isWrong)
    assert.equal(hashed, all.length + 1)
  })

  it('go with their contents, and with what a crash left', async () => {
    await mkdir(directory)
    await writeFile(join(directory, `${'cd'.repeat(20)}.info.tmp`), 'half')
    const [first, second] = [makeOne(), makeOne()]
    const infos = start()
    here.add(first.infoHash)
    await infos.read(first.content, first.infoHash)
    assert.deepEqual(await readdir(directory), [`${first.infoHash}.info`])
    here.clear()
    here.add(second.infoHash)
    await infos.read(second.content, second.infoHash)
    assert.deepEqual(await readdir(directory), [`${second.infoHash}.info`])
  })
})
