import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildFixture } from '../test/build-fixture.ts'
import { dumpStore } from '../test/dump.ts'
import { createFakeChain } from '../test/fake-chain.ts'
import type { FakeChain, FakeEvent } from '../test/fake-chain.ts'
import { startFakeRpc } from '../test/rpc-server.ts'
import type { FakeRpc } from '../test/rpc-server.ts'
import { startFakeWebSocketServer } from '../test/ws-server.ts'
import { startRunner } from './index.ts'
import type { Runner } from './index.ts'

/** `RUNNER_KILLS=100` for the deep profile. */
const KILLS = Number(process.env['RUNNER_KILLS'] ?? 3)
const CHILD = fileURLToPath(new URL('../test/run-child.ts', import.meta.url))
const OWNER = '0x00000000000000000000000000000000000000aa'
const POLL_MS = 10
const REQUESTS_BEFORE_KILL = 50
const MS_UNTIL_KILL = 50
const MS_PER_BLOCK = 3
/** By default, before the head. */
const KEPT_BLOCKS = 10_000

const put = (id: number): FakeEvent => ({ kind: 'put', id: BigInt(id), owner: OWNER, amount: 1n, name: `film ${id}` })

function mineMany(chain: FakeChain, blocks: number): void {
  for (let block = 0; block < blocks; block += 1) chain.mine([put(block % 50), put(block % 7), put(200 + block)])
}

describe('the runner', { timeout: 1_800_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'))
  let build = ''
  let number = 0
  before(async () => {
    build = await buildFixture()
  })
  after(() => rmSync(directory, { recursive: true }))

  const newDatabase = () => join(directory, `${(number += 1)}.db`)
  const start = (rpcUrls: readonly string[], database: string) =>
    startRunner({ build, rpcUrls, database, name: 'test/fixture', pollMs: POLL_MS })
  async function query(runner: Runner, text: string): Promise<unknown> {
    const url = new URL('subgraphs/name/test/fixture', runner.url)
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ query: text }) })
    return ((await response.json()) as { data: unknown }).data
  }
  async function until(runner: Runner, block: number): Promise<void> {
    while (runner.head() !== block) await new Promise((resolve) => setImmediate(resolve))
  }

  it('serves what it has indexed, and follows the chain', async () => {
    const chain = createFakeChain()
    mineMany(chain, 100)
    const rpc = await startFakeRpc(chain)
    const runner = await start([rpc.url], newDatabase())
    await runner.ready
    const counter = '{ counter(id: "puts") { value } _meta { block { number } } }'
    assert.deepEqual(await query(runner, counter), { counter: { value: '300' }, _meta: { block: { number: 100 } } })
    chain.mine([put(1)])
    await until(runner, 101)
    assert.deepEqual(await query(runner, counter), { counter: { value: '301' }, _meta: { block: { number: 101 } } })
    const then = '{ counter(id: "puts", block: { number: 50 }) { value } }'
    assert.deepEqual(await query(runner, then), { counter: { value: '150' } })
    const metrics = await (await fetch(new URL('metrics', runner.url))).text()
    assert.match(metrics, /^subgraph_head_block 101$/m)
    assert.match(metrics, /^subgraph_handlers_total 301$/m)
    await runner.close()
    rpc.close()
  })

  it('sees a block when an endpoint tells of it, without looking for it', async () => {
    const [chain, told] = [createFakeChain(), await startFakeWebSocketServer()]
    mineMany(chain, 3)
    const rpc = await startFakeRpc(chain)
    const asked = told.received()
    const options = { build, database: newDatabase(), name: 'test/fixture', pollMs: 600_000 }
    const runner = await startRunner({ ...options, rpcUrls: [told.url, rpc.url] })
    await runner.ready
    await asked
    chain.mine([put(1)])
    told.say('{"jsonrpc":"2.0","id":1,"result":"0x1"}')
    await until(runner, 4)
    chain.mine([put(2)])
    told.say('{"method":"eth_subscription","params":{}}')
    await until(runner, 5)
    await runner.close()
    told.close()
    rpc.close()
  })

  it('goes on with another endpoint, and with the same one once it is back', async () => {
    const chain = createFakeChain()
    mineMany(chain, 100)
    const [first, second] = [await startFakeRpc(chain), await startFakeRpc(chain, 100)]
    first.fail('reset', 'status', 'garbage', 'limit')
    second.fail('status', 'limit', 'garbage', 'reset')
    const runner = await start(['http://127.0.0.1:1', first.url, second.url], newDatabase())
    await runner.ready
    assert.equal(runner.head(), 100)
    assert.equal(runner.failure(), undefined)
    await runner.close()
    first.close()
    second.close()
  })

  it('says what fails, serves what it has, and goes on when the block is replaced', async () => {
    const chain = createFakeChain()
    mineMany(chain, 3)
    const rpc = await startFakeRpc(chain)
    const runner = await start([rpc.url], newDatabase())
    await runner.ready
    chain.mine([{ ...put(1), name: 'fail' } as FakeEvent])
    while (runner.failure() === undefined) await new Promise((resolve) => setImmediate(resolve))
    assert.match(String(runner.failure()), /asked to fail/)
    assert.deepEqual(await query(runner, '{ _meta { block { number } } }'), { _meta: { block: { number: 3 } } })
    chain.revert(1)
    chain.mine([put(1)])
    await until(runner, 4)
    await runner.close()
    rpc.close()
  })

  it('loses and repeats nothing when it is killed at any moment', async (t) => {
    const chain = createFakeChain()
    mineMany(chain, Math.min(1_500, 100 + KILLS * 50))
    const rpc = await startFakeRpc(chain, 150)
    const database = newDatabase()
    const kills: { readonly before: number; readonly at: number; readonly last: number }[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Much to catch up with, or a little at the head, some of it in the place of what was there.
      mineMany(chain, kill % 4 === 3 ? 150 : 20)
      const before = kills.at(-1)?.at ?? -1
      const child = fork(CHILD, [build, rpc.url, database])
      const exited = once(child, 'exit')
      await once(child, 'message')
      // Some before it has written anything, most between two things that it writes.
      const isWritten = kill % 4 === 0 ? isAsked(rpc) : isPast(child, before)
      await poll(() => isWritten() || child.exitCode !== null)
      if (kill % 2 === 1) {
        chain.revert(5)
        mineMany(chain, 8)
      }
      // What it does takes some milliseconds, of which this is any, and there is always more to do.
      await mineFor(chain, Math.random() * MS_UNTIL_KILL)
      mineMany(chain, 1)
      child.kill('SIGKILL')
      await exited
      kills.push({ before, at: readHead(database), last: chain.blocks.length - 1 })
    }
    const between = kills.filter(({ before, at, last }) => at !== before && at < last).length
    t.diagnostic(`${KILLS} kills, ${between} of them after the first thing written, and before the last`)
    assert.ok(between * 2 >= KILLS, `only ${between} of ${KILLS} kills fell between two writes`)
    const fresh = newDatabase()
    for (const path of [database, fresh]) {
      const runner = await start([rpc.url], path)
      await runner.ready
      await runner.close()
    }
    assert.ok(chain.blocks.length < KEPT_BLOCKS, 'what is pruned depends on when the runner was at the head')
    assertSameRows(dumpStore(database), dumpStore(fresh))
    rpc.close()
  })
})

type Dump = ReturnType<typeof dumpStore>

/** Row by row: to say how thousands of rows differ takes more memory than there is. */
function assertSameRows(found: Dump, expected: Dump): void {
  assert.deepEqual(Object.keys(found), Object.keys(expected))
  for (const [table, rows] of Object.entries(expected)) {
    rows.forEach((row, index) => assert.deepEqual(found[table]?.[index], row, `${table}, row ${index}`))
    assert.equal(found[table]?.length, rows.length, table)
  }
}

/** Whether a random number of requests has come. */
function isAsked(rpc: FakeRpc): () => boolean {
  const until = rpc.requests() + Math.floor(Math.random() * REQUESTS_BEFORE_KILL)
  return () => rpc.requests() > until
}

/** Whether a child has told of a later block in the database, or of an earlier one: of another. */
function isPast(child: ChildProcess, before: number): () => boolean {
  let isOther = false
  child.on('message', (head) => {
    isOther ||= head !== before && typeof head === 'number'
  })
  return () => isOther
}

/** A block every few milliseconds. */
async function mineFor(chain: FakeChain, ms: number): Promise<void> {
  const started = performance.now()
  let mined = 0
  await poll(() => {
    const passed = performance.now() - started
    if (passed >= mined * MS_PER_BLOCK) {
      mineMany(chain, 1)
      mined += 1
    }
    return passed >= ms
  })
}

async function poll(isDone: () => boolean): Promise<void> {
  while (!isDone()) await new Promise((resolve) => setImmediate(resolve))
}

/** The last block that is in the file, which must be whole; -1 for none. */
function readHead(path: string): number {
  // It must not clean up before the runner has to.
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    assert.deepEqual(
      database
        .prepare('PRAGMA integrity_check')
        .all()
        .map((row) => row['integrity_check']),
      ['ok'],
    )
    if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'runner_blocks'").get() === undefined) return -1
    return Number(database.prepare('SELECT max(number) AS head FROM runner_blocks').get()?.['head'] ?? -1)
  } finally {
    database.close()
  }
}
