import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { startTestChain } from '../testing/chain.ts'
import type { TestChain } from '../testing/chain.ts'
import { startTestNode } from '../testing/node.ts'
import type { TestNode } from '../testing/node.ts'
import { createCleanup } from '../testing/peers.ts'
import { sampleContent } from '../testing/sample-content.ts'
import type { DaemonParts } from '../daemon/parts.ts'
import { createJobs } from './index.ts'

const ACCEPT = { replication: { accept: 'any' } }
const PEER = 'offering-peer'
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)
const patient = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(20_000) })

describe('a replica that is offered', () => {
  const cleanup = createCleanup()
  let chain: TestChain
  let taker: TestNode

  before(async () => {
    chain = await startTestChain(cleanup)
    taker = await startTestNode(cleanup, chain, ACCEPT)
  })
  after(() => cleanup.run())

  /** The taker's jobs, with a network that is partly the test's. */
  function jobsOf({ daemon }: TestNode, network: Partial<DaemonParts['network']> = {}) {
    const jobs = createJobs({ ...daemon, network: { ...daemon.network, ...network } })
    cleanup.add(() => jobs.stop())
    return jobs
  }

  it('is given up by the deadline though nobody answers, and is not taken afterwards', async () => {
    const sample = await sampleContent(1000)
    const asked = Promise.withResolvers<AbortSignal>()
    const answer = Promise.withResolvers<Uint8Array>()
    const jobs = jobsOf(taker, {
      // A peer that does not care for signals.
      fetchBlock: (_cid, { signal }) => {
        asked.resolve(signal)
        return answer.promise
      },
    })
    const deadline = new AbortController()
    const taken = jobs.startReplica(sample.manifestCid, PEER, deadline)
    const signal = await asked.promise
    deadline.abort()
    await assert.rejects(taken, refusal('TIMEOUT'))
    assert.equal(signal.aborted, true)
    answer.resolve(sample.manifest)
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(taker.daemon.store.get(sample.root), undefined)
  })

  it('is given up when the node stops while it is looked at', async () => {
    const sample = await sampleContent(1000)
    const asked = Promise.withResolvers<undefined>()
    const jobs = jobsOf(taker, {
      fetchBlock: () => {
        asked.resolve(undefined)
        return new Promise(() => undefined)
      },
    })
    const taken = jobs.startReplica(sample.manifestCid, PEER, patient())
    const refused = assert.rejects(taken, refusal('ABORTED'))
    await asked.promise
    await jobs.stop()
    await refused
  })
  it('leaves no block behind where the owner’s limits do not allow it', async () => {
    const sample = await sampleContent(100_000)
    const small = await startTestNode(cleanup, chain, { replication: { accept: 'any', accept_bytes: 99_999 } })
    const jobs = jobsOf(small, { fetchBlock: () => Promise.resolve(sample.manifest) })
    const used = small.daemon.store.usedBytes()
    await assert.rejects(jobs.startReplica(sample.manifestCid, PEER, patient()), refusal('NOT_ENTITLED'))
    assert.deepEqual([await small.daemon.store.blocks.get(sample.manifestCid), used], [undefined, 0])
    assert.equal(small.daemon.store.usedBytes(), 0)
  })

  it('is refused where its manifest is more than the limits leave beside its slices', async () => {
    const sample = await sampleContent(100_000)
    const accept_bytes = sample.manifest.length + 99_999
    const small = await startTestNode(cleanup, chain, { replication: { accept: 'any', accept_bytes } })
    const jobs = jobsOf(small, { fetchBlock: () => Promise.resolve(sample.manifest) })
    await assert.rejects(jobs.startReplica(sample.manifestCid, PEER, patient()), refusal('NOT_ENTITLED'))
  })

  it('leaves neither content nor block behind where nobody has the slices', async () => {
    const sample = await sampleContent(1000)
    const jobs = jobsOf(taker, {
      fetchBlock: () => Promise.resolve(sample.manifest),
      async *findProviders() {},
    })
    const { store } = taker.daemon
    const id = (await jobs.startReplica(sample.manifestCid, 'another-peer', patient())) ?? assert.fail()
    assert.deepEqual(await store.blocks.get(sample.manifestCid), sample.manifest)
    for await (const job of jobs.events(id, patient())) if (job.state !== 'running') assert.equal(job.state, 'failed')
    assert.equal(store.get(sample.root), undefined)
    assert.equal(await store.blocks.get(sample.manifestCid), undefined)
    assert.equal(store.usedBytes(), 0)
  })
})
