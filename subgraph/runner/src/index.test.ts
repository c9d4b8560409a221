import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
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
import { startFakeWebSocketServer } from '../test/ws-server.ts'
import { startRunner } from './index.ts'
import type { Runner } from './index.ts'

/** `RUNNER_KILLS=100` for the deep profile. */
const KILLS = Number(process.env['RUNNER_KILLS'] ?? 3)
const CHILD = fileURLToPath(new URL('../test/run-child.ts', import.meta.url))
const OWNER = '0x00000000000000000000000000000000000000aa'
const POLL_MS = 10
const REQUESTS_BEFORE_KILL = 200
const MS_AFTER_REQUEST = 30

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
    const heads: number[] = []
    for (let kill = 0; kill < KILLS; kill += 1) {
      // Much to catch up with, or a little at the head, some of it in the place of what was there.
      if (kill % 4 === 3) mineMany(chain, 300)
      const child = fork(CHILD, [build, rpc.url, database])
      const exited = once(child, 'exit')
      await once(child, 'message')
      const after = rpc.requests() + 1 + Math.floor(Math.random() * REQUESTS_BEFORE_KILL)
      while (rpc.requests() < after && child.exitCode === null) await new Promise((resolve) => setImmediate(resolve))
      if (kill % 2 === 1) {
        chain.revert(5)
        mineMany(chain, 8)
      }
      // What it does with the answer takes some milliseconds, of which this is any.
      const moment = performance.now() + Math.random() * MS_AFTER_REQUEST
      while (performance.now() < moment) await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await exited
      heads.push(readHead(database))
    }
    const moved = heads.filter((head, index) => head > (heads[index - 1] ?? 0)).length
    t.diagnostic(`${KILLS} kills, ${moved} of them after something was written; head ${heads.at(-1)} at the last`)
    const fresh = newDatabase()
    for (const path of [database, fresh]) {
      const runner = await start([rpc.url], path)
      await runner.ready
      await runner.close()
    }
    assert.deepEqual(dumpStore(database), dumpStore(fresh))
    rpc.close()
  })
})

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
