import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { keccak256 } from 'viem'
import { buildFixture } from '../../test/build-fixture.ts'
import { createFakeChain, filterLogs } from '../../test/fake-chain.ts'
import type { FakeBlock, FakeEvent } from '../../test/fake-chain.ts'
import { isRunnerError } from '../../test/errors.ts'
import { parseSchema } from '../schema/index.ts'
import type { EntityType } from '../schema/index.ts'
import { openStore } from '../storage/store.ts'
import type { Store } from '../storage/store.ts'
import { createHost, readManifest } from './index.ts'
import type { Host } from './index.ts'

const OWNER = '0x00000000000000000000000000000000000000aa'
const CHILD = '0x00000000000000000000000000000000000000c1'

describe('the host', { timeout: 120_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'runner-host-'))
  let build = ''
  let number = 0
  before(async () => {
    build = await buildFixture()
  })
  after(() => rmSync(directory, { recursive: true }))

  function start() {
    const manifest = readManifest(build)
    const schema = parseSchema(manifest.schema)
    const store = openStore(join(directory, `${(number += 1)}.db`), schema, manifest.deploymentId)
    const host = createHost({ manifest, schema, store, log: () => undefined })
    const chain = createFakeChain()
    const type = (name: string) => schema.entities.get(name)!
    const run = (events: readonly FakeEvent[]) => process(host, chain.mine(events))
    return { host, store, chain, type, run }
  }
  async function process(host: Host, { block, logs }: FakeBlock): Promise<boolean> {
    const at = Number(block.number)
    const wanted = filterLogs(logs, host.filters(at, at))
    return host.process({ block, logs: wanted }, async (_block, filters) => filterLogs(logs, filters))
  }
  function put(id: bigint, amount: bigint, name = 'thing'): FakeEvent {
    return { kind: 'put', id, owner: OWNER, amount, name }
  }
  const itemId = (id: number) => keccak256(Uint8Array.of(id))
  function read(store: Store, type: EntityType, id: string) {
    return store.block().get(type, id)
  }

  it('stores an event with a value of every type', async () => {
    const { store, type, run } = start()
    const large = -(2n ** 255n)
    await run([put(7n, large, 'ünïcode 🎬')])
    const item = read(store, type('Item'), itemId(7))
    assert.ok(item)
    assert.equal(item['number'], 7n)
    assert.equal(item['amount'], large)
    assert.deepEqual(item['sums'], [large, large * large, large])
    assert.equal(item['name'], 'ünïcode 🎬')
    assert.equal(item['note'], 'ÜNÏCODE 🎬')
    assert.equal(Buffer.from(item['data'] as Uint8Array).toString(), 'ünïcode 🎬')
    assert.equal(item['status'], 'ENDED')
    assert.equal(item['flag'], false)
    assert.equal(item['count'], 1)
    assert.equal(item['stamp'], 7n)
    assert.equal(item['moment'], (1_700_000_000n + 12n) * 1_000_000n)
    assert.equal((item['tags'] as readonly Uint8Array[]).length, 2)
    assert.equal(item['previous'], undefined)
    store.close()
  })

  it('reads back what earlier blocks stored, from the cache and from the disk', async () => {
    const { store, type, run } = start()
    await run([put(1n, 5n), put(1n, 6n)])
    await run([put(1n, 7n, '')])
    store.flush()
    await run([put(1n, 8n)])
    store.flush()
    const account = read(store, type('Account'), OWNER)
    assert.equal(account?.['total'], 26n)
    const item = read(store, type('Item'), itemId(1))
    assert.equal(item?.['count'], 4)
    assert.deepEqual(item['previous'], item['id'])
    store.close()
  })

  it('gives every handler the module as it was loaded', async () => {
    const { host, store, type, run } = start()
    // The fixture's handler asserts that the module's globals and its list are new.
    await run([put(1n, 1n), put(2n, 1n), put(3n, 1n)])
    await run([put(4n, 1n)])
    assert.equal(host.handled(), 4)
    assert.equal(read(store, type('Counter'), 'puts')?.['value'], 4n)
    store.close()
  })

  it('finds related entities of this block and of earlier ones, and removes', async () => {
    const { store, type, run } = start()
    await run([put(1n, 1n), put(1n, 2n)])
    await run([put(1n, 3n), { kind: 'removed', id: 1n }])
    assert.equal(read(store, type('Counter'), 'removedRecords')?.['value'], 3n)
    assert.equal(read(store, type('Item'), itemId(1)), undefined)
    store.close()
  })

  it('shows a data source created in a block all logs of that block, once', async () => {
    const { store, type, run, host } = start()
    const spawned: FakeEvent = { kind: 'spawned', child: CHILD, label: 'first' }
    const isMore = await run([
      { kind: 'ping', child: CHILD, value: 1n },
      spawned,
      spawned,
      { kind: 'ping', child: CHILD, value: 2n },
    ])
    assert.equal(isMore, true)
    assert.equal(await run([{ kind: 'ping', child: CHILD, value: 4n }, spawned]), false)
    const counter = read(store, type('Counter'), 'pings-first')
    assert.equal(counter?.['value'], 7n)
    assert.deepEqual(counter['seen'], ['hardhat', CHILD])
    store.flush()
    assert.equal(store.dataSources().length, 1)
    assert.deepEqual(host.filters(5, 5)[0]?.addresses, ['0x1000000000000000000000000000000000000001', CHILD])
    store.close()
  })

  it('leaves nothing of a block whose handler fails', async () => {
    const { store, type, run } = start()
    await run([put(1n, 1n)])
    const failing = run([put(2n, 1n), put(3n, 1n, 'fail')])
    await assert.rejects(failing, isRunnerError('MAPPING_FAILED', /Mapping aborted at .*asked to fail.*block 2/s))
    assert.equal(read(store, type('Item'), itemId(2)), undefined)
    assert.equal(read(store, type('Counter'), 'puts')?.['value'], 1n)
    store.close()
  })

  it('skips a log that is not of the event its topic names', async () => {
    const { host, store, chain, type } = start()
    const { block, logs } = chain.mine([put(1n, 1n), put(2n, 1n)])
    const short = { ...logs[0]!, data: logs[0]!.data.slice(0, 200) }
    const lacking = { ...logs[0]!, topics: logs[0]!.topics.slice(0, 2) }
    await host.process({ block, logs: [short, lacking, logs[1]!] }, async () => [])
    assert.equal(read(store, type('Item'), itemId(1)), undefined)
    assert.equal(read(store, type('Counter'), 'puts')?.['value'], 1n)
    store.close()
  })
})
