import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { openStore } from '../store/index.ts'
import { openPenaltyBook } from './penalties.ts'

const NOW = 1_000_000

describe('a node’s penalties', () => {
  let directory: string
  before(async () => void (directory = await mkdtemp(join(tmpdir(), 'sluice-penalties-'))))
  after(() => rm(directory, { recursive: true, force: true }))

  const open = () => openStore({ directory, quotaBytes: 2 ** 20, reserveBytes: 0 })

  it('outlive a restart', async () => {
    const store = await open()
    const book = openPenaltyBook(store.database, () => NOW)
    book.record('liar', 'SLICE_CORRUPT')
    book.record('slow', 'TIMEOUT')
    book.record('slow', 'TIMEOUT')
    await store.close()
    const again = await open()
    const reopened = openPenaltyBook(again.database, () => NOW)
    assert.deepEqual(reopened.standing('liar'), book.standing('liar'))
    assert.ok(reopened.standing('liar').refusedUntil)
    assert.deepEqual(reopened.standing('slow'), { handicap: 2 })
    await again.close()
  })

  it('start anew where what was kept is damaged', async () => {
    const store = await open()
    store.database.prepare("UPDATE settings SET value = '[[' WHERE name = 'penalties'").run()
    assert.deepEqual(openPenaltyBook(store.database).standing('liar'), { handicap: 0 })
    await store.close()
  })
})
