import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { parseSchema } from '../schema/index.ts'
import { createTables } from '../storage/tables.ts'
import { startServer } from './index.ts'
import type { QueryServer } from './index.ts'

const PRELOAD = new URL('../../test/end-query-thread.ts', import.meta.url).href
const SCHEMA = 'type Note @entity { id: ID! text: String! }'

describe('a started query server', () => {
  const directory = mkdtempSync(join(tmpdir(), 'query-server-'))
  const path = join(directory, 'index.sqlite')
  const database = new DatabaseSync(path)
  const options = { database: path, schema: SCHEMA, deployment: 'QmTest', name: 'notes' }
  let server: QueryServer

  const ask = async (query: string): Promise<unknown> => {
    const response = await fetch(server.url, { method: 'POST', body: JSON.stringify({ query }) })
    return response.json()
  }
  const addBlock = (number: number, hash: string, text: string) => {
    database.exec('BEGIN IMMEDIATE')
    database
      .prepare('INSERT INTO "entity_Note" (block_from, id, text) VALUES (?, ?, ?)')
      .run(number, String(number), text)
    database.prepare('INSERT INTO runner_blocks VALUES (?, ?, ?)').run(number, hash, 1000 + number)
    database.exec('COMMIT')
  }

  before(async () => {
    database.exec('PRAGMA journal_mode = WAL')
    const own = [
      'CREATE TABLE runner_meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID',
      'CREATE TABLE runner_blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL, timestamp INTEGER NOT NULL) STRICT',
    ]
    for (const statement of [...own, ...createTables(parseSchema(SCHEMA))]) database.exec(statement)
    server = await startServer({ ...options, readMetrics: () => Promise.resolve('indexer_blocks_total 2\n') })
  })
  after(async () => {
    await server.close()
    database.close()
    rmSync(directory, { recursive: true })
  })

  it('is on the loopback interface', () => {
    assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/$/)
  })

  it('sees a block as soon as it is written, and all of it', async () => {
    assert.deepEqual(await ask('{ notes { id } }'), {
      errors: [{ message: 'the subgraph has not indexed a block yet' }],
    })
    addBlock(5, '0x05', 'five')
    addBlock(6, '0x06', 'six')
    assert.deepEqual(await ask('{ notes { text } _meta { block { number hash parentHash timestamp } } }'), {
      data: {
        notes: [{ text: 'five' }, { text: 'six' }],
        _meta: { block: { number: 6, hash: '0x06', parentHash: '0x05', timestamp: 1006 } },
      },
    })
    assert.deepEqual(await ask('{ notes(block: { hash: "0x05" }) { text } }'), { data: { notes: [{ text: 'five' }] } })
  })

  it('refuses blocks that are pruned', async () => {
    database.exec(`INSERT INTO runner_meta VALUES ('earliest', '6')`)
    const answer = (await ask('{ notes(block: { number: 5 }) { text } }')) as { errors: { message: string }[] }
    assert.match(answer.errors[0]?.message ?? '', /subgraph QmTest only has data starting at block number 6/)
  })

  it('tells its metrics and those of the indexer', async () => {
    const text = await (await fetch(new URL('/metrics', server.url))).text()
    assert.match(text, /subgraph_runner_queries_total/)
    assert.match(text, /indexer_blocks_total 2/)
  })

  it('rejects when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    await assert.rejects(startServer({ ...options, port }), { code: 'EADDRINUSE' })
    other.close()
  })

  it('rejects when there is no database', async () => {
    await assert.rejects(startServer({ ...options, database: join(directory, 'none.sqlite') }), /unable to open/)
  })

  it('refuses to read more than an answer may hold', async () => {
    database.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
      INSERT INTO "entity_Note" (block_from, id, text) SELECT 6, 'long' || i, hex(zeroblob(50000)) FROM n`)
    const message = 'the result size is too large. Fetch less than 8388608 bytes'
    assert.deepEqual(await ask('{ notes(first: 1000) { text } }'), { errors: [{ message }] })
  })

  it('tells that it has ended when its thread has, and can be closed then', async () => {
    const faults: string[] = []
    const onFault = (message: string) => void faults.push(message)
    const ending = await startServer({ ...options, execArgv: ['--import', PRELOAD], onFault })
    const channel = new BroadcastChannel('end-query-thread')
    channel.postMessage('end')
    await assert.rejects(ending.ended, { code: 'SERVER_FAILED' })
    channel.close()
    await assert.rejects(fetch(ending.url))
    await ending.close()
  })

  it('tells why its thread has ended when memory did not suffice', async () => {
    const faults: string[] = []
    const onFault = (message: string) => void faults.push(message)
    await assert.rejects(startServer({ ...options, heapMb: 6, onFault }), /memory/)
  })

  it('has ended well when it is closed', async () => {
    const second = await startServer(options)
    await second.close()
    await second.ended
  })

  it('can be closed twice', async () => {
    const second = await startServer(options)
    await second.close()
    await second.close()
    await assert.rejects(fetch(second.url))
  })
})
