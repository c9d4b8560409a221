import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import fc from 'fast-check'
import { buildFixture } from '../../test/build-fixture.ts'
import { dumpStore } from '../../test/dump.ts'
import { isRunnerError } from '../../test/errors.ts'
import { createFakeChain } from '../../test/fake-chain.ts'
import type { FakeChain, FakeEvent } from '../../test/fake-chain.ts'
import { createIndexer } from '../../test/indexer.ts'
import { createMemorySource } from '../../test/memory-source.ts'

/** `RUNNER_REORGS=1000` for the deep profile. */
const REORGS = Number(process.env['RUNNER_REORGS'] ?? 60)
const REORGS_PER_RUN = 6
const MAX_DEPTH = 30

const EVERYTHING = 1_000_000
const PUT: FakeEvent = {
  kind: 'put',
  id: 1n,
  owner: '0x00000000000000000000000000000000000000aa',
  amount: 1n,
  name: '',
}

const address = (number: number) => `0x${number.toString(16).padStart(40, '0')}` as const

const events = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        id: fc.bigInt({ min: 1n, max: 6n }),
        owner: fc.integer({ min: 1, max: 3 }).map(address),
        amount: fc.bigInt({ min: -100n, max: 100n }),
        name: fc.constantFrom('', 'a', 'film'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('removed' as const), id: fc.bigInt({ min: 1n, max: 6n }) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('spawned' as const),
        child: fc.integer({ min: 100, max: 103 }).map(address),
        label: fc.constantFrom('x', 'y'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('ping' as const),
        child: fc.integer({ min: 100, max: 103 }).map(address),
        value: fc.bigInt({ min: 0n, max: 9n }),
      }),
    },
  ) satisfies fc.Arbitrary<FakeEvent>,
  { maxLength: 4 },
)
/** How much is fetched in ranges, and how much of it is written at once. */
const pace = fc.record({
  steadyDepth: fc.integer({ min: 0, max: 40 }),
  rowsPerFlush: fc.constantFrom(1, 40, 10_000),
})
const blocks = (max: number) => fc.array(events, { minLength: 1, maxLength: max })
/** The block that a step goes on from is replaced before the range after it is asked for. */
const REPLACED_BEFORE_RANGE: readonly [FakeEvent[][], Change[], { steadyDepth: number; rowsPerFlush: number }] = [
  [[]],
  [
    { after: 4, depth: 0, blocks: [[]] },
    { after: 2, depth: 2, blocks: [[{ kind: 'spawned', child: address(100), label: 'x' }], [], []] },
    { after: 6, depth: 0, blocks: [[]] },
    { after: 0, depth: 4, blocks: [[], []] },
  ],
  { steadyDepth: 1, rowsPerFlush: 1 },
]
/** A fork: so many blocks go, these come. */
const fork = fc.record({ depth: fc.integer({ min: 0, max: MAX_DEPTH }), blocks: blocks(MAX_DEPTH + 5) })

/** A fork that comes after so many more requests. */
type Change = { after: number; depth: number; blocks: FakeEvent[][] }

describe('following a chain', { timeout: 900_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'runner-sync-'))
  let build = ''
  let number = 0
  before(async () => {
    build = await buildFixture()
  })
  after(() => rmSync(directory, { recursive: true }))

  const newPath = () => join(directory, `${(number += 1)}.db`)
  function replace(chain: FakeChain, depth: number, mined: readonly (readonly FakeEvent[])[]): void {
    chain.revert(Math.min(depth, chain.blocks.length - 1))
    for (const each of mined) chain.mine(each)
  }
  async function freshDump(chain: FakeChain): Promise<Record<string, unknown[]>> {
    const path = newPath()
    const { settle, store } = createIndexer(build, path, createMemorySource(chain))
    await settle()
    store.close()
    return dumpStore(path)
  }

  it('equals a fresh index, row by row, after any reorganisations', async () => {
    const runs = { numRuns: Math.ceil(REORGS / REORGS_PER_RUN) }
    const forks = fc.array(fork, { minLength: REORGS_PER_RUN, maxLength: REORGS_PER_RUN })
    await fc.assert(
      fc.asyncProperty(blocks(60), forks, pace, async (first, then, options) => {
        const chain = createFakeChain()
        replace(chain, 0, first)
        const path = newPath()
        const { settle, store } = createIndexer(build, path, createMemorySource(chain), options)
        await settle()
        for (const { depth, blocks: mined } of then) {
          replace(chain, depth, mined)
          await settle()
        }
        store.close()
        assert.deepEqual(dumpStore(path), await freshDump(chain))
      }),
      runs,
    )
  })

  it('equals a fresh index when the chain changes between any two requests', async () => {
    const changes = fc.array(fc.record({ after: fc.integer({ min: 0, max: 8 }), ...forkFields() }), { maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(blocks(60), changes, pace, async (first, then, options) => {
        const chain = createFakeChain()
        replace(chain, 0, first)
        const due = [...then]
        let wait = due[0]?.after ?? 0
        const disturb = () => {
          const change = due[0]
          if (change === undefined || (wait -= 1) >= 0) return
          due.shift()
          wait = due[0]?.after ?? 0
          replace(chain, change.depth, change.blocks)
        }
        const path = newPath()
        const indexer = createIndexer(build, path, createMemorySource(chain, disturb), options)
        // A data source created in a block that is gone by the time its logs are asked for: the step fails, the next goes on.
        const settle = () => indexer.settle().catch(isRunnerError('RPC_FAILED', /is gone/))
        while (due.length > 0) await settle()
        await indexer.settle()
        indexer.store.close()
        assert.deepEqual(dumpStore(path), await freshDump(chain))
      }),
      { numRuns: Math.ceil(REORGS / REORGS_PER_RUN), examples: [REPLACED_BEFORE_RANGE] },
    )
  })

  it('equals a fresh index after what it wrote was refused in between', async () => {
    await fc.assert(
      fc.asyncProperty(blocks(20), blocks(20), pace, async (first, then, options) => {
        const chain = createFakeChain()
        replace(chain, 0, first)
        const path = newPath()
        const { settle, store } = createIndexer(build, path, createMemorySource(chain), options)
        await settle()
        replace(chain, 0, then)
        const other = new DatabaseSync(path)
        other.exec("CREATE TRIGGER full BEFORE INSERT ON runner_blocks BEGIN SELECT RAISE(ABORT, 'full'); END")
        for (const _ of [1, 2]) await assert.rejects(settle(), /full/)
        other.exec('DROP TRIGGER full')
        other.close()
        await settle()
        store.close()
        assert.deepEqual(dumpStore(path), await freshDump(chain))
      }),
      { numRuns: 12 },
    )
  })

  it('writes no versions that would be pruned at once, and all others', async () => {
    const keep = fc.integer({ min: 0, max: 70 })
    await fc.assert(
      fc.asyncProperty(blocks(60), blocks(20), keep, pace, async (first, then, keepBlocks, options) => {
        const chain = createFakeChain()
        replace(chain, 0, first)
        const dumps: Record<string, unknown[]>[] = []
        for (const each of [{ ...options, keepBlocks }, options]) {
          const path = newPath()
          const { settle, store } = createIndexer(build, path, createMemorySource(chain), each)
          await settle()
          if (dumps.length === 0) replace(chain, 0, then)
          await settle()
          store.prune(keepBlocks, EVERYTHING)
          assert.ok(store.earliestBlock() <= Math.max(0, chain.blocks.length - 1 - keepBlocks))
          store.close()
          dumps.push(dumpStore(path))
        }
        assert.deepEqual(dumps[0], dumps[1])
      }),
      { numRuns: Math.ceil(REORGS / REORGS_PER_RUN) },
    )
  })

  it('refuses to take back the first block whose entities are all there', async () => {
    const path = newPath()
    const chain = createFakeChain()
    replace(
      chain,
      0,
      Array.from({ length: 20 }, () => [PUT]),
    )
    const { settle, store } = createIndexer(build, path, createMemorySource(chain))
    await settle()
    store.prune(5, EVERYTHING)
    assert.equal(store.earliestBlock(), 15)
    assert.throws(() => store.rollbackTo(14), isRunnerError('REORG_TOO_DEEP'))
    store.rollbackTo(15)
    assert.equal(store.head()?.number, 15)
    store.close()
  })

  it('refuses another chain', async () => {
    const path = newPath()
    const [chain, other] = [createFakeChain(), createFakeChain()]
    replace(chain, 0, [[], [], []])
    const { settle, store } = createIndexer(build, path, createMemorySource(chain))
    await settle()
    store.close()
    other.revert(1)
    replace(other, 0, [[], [], [], []])
    const second = createIndexer(build, path, createMemorySource(other))
    await assert.rejects(second.sync.step(), isRunnerError('REORG_TOO_DEEP'))
    second.store.close()
  })

  function forkFields() {
    return { depth: fc.integer({ min: 0, max: MAX_DEPTH }), blocks: blocks(MAX_DEPTH + 5) }
  }
})
