import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import type { Connection, Network } from './network.ts'
import { createPenaltyBook } from './penalty-book.ts'
import { rankWays, reachBy, waysOf } from './reach-by.ts'
import type { RankedWay } from './reach-by.ts'

const { signal } = new AbortController()
const provider = { peerId: 'peer', multiaddrs: [] }

/** A way that says its name when it is spoken over, or fails with a code. */
function way(name: string, { proves = false, fails }: { proves?: boolean; fails?: ErrorCode } = {}) {
  const dials = { count: 0 }
  const connect = (): Promise<Connection> => {
    dials.count += 1
    if (fails !== undefined) return Promise.reject(new SluiceError(fails, `${name} fails.`))
    return Promise.resolve({ peerId: name } as Connection)
  }
  return { name, provesPeers: proves, handicap: 0, connect, dials }
}

const socket = way('socket')
const stream = way('stream', { proves: true })

describe('the ways to a peer', () => {
  /** What is used after so many reports, in order. */
  function ranked(reports: readonly (readonly [string, ErrorCode])[], hours = 0): string[] {
    let now = 0
    const book = createPenaltyBook({ clock: () => now })
    for (const [name, code] of reports) book.record(name, code)
    now = hours * 3_600_000
    return rankWays([socket, stream], book.standing).usable.map(({ name }) => name)
  }

  it('are used in the order in which their network names them', () => {
    assert.deepEqual(ranked([]), ['socket', 'stream'])
  })

  it('come last when they could not be reached, and are back after some hours', () => {
    assert.deepEqual(ranked([['socket', 'NODE_UNREACHABLE']]), ['stream', 'socket'])
    assert.deepEqual(ranked([['socket', 'NODE_UNREACHABLE']], 1), ['stream', 'socket'])
    assert.deepEqual(ranked([['socket', 'NODE_UNREACHABLE']], 3), ['socket', 'stream'])
  })

  it('are back at once when the other could not be reached either', () => {
    const both = [
      ['socket', 'NODE_UNREACHABLE'],
      ['stream', 'NODE_UNREACHABLE'],
    ] as const
    assert.deepEqual(ranked(both), ['socket', 'stream'])
    assert.deepEqual(ranked([...both, ['socket', 'TIMEOUT']]), ['stream', 'socket'])
  })

  it('are not used where wrong slices came that may be another’s doing, but the proven one is', () => {
    assert.deepEqual(ranked([['socket', 'SLICE_CORRUPT']]), ['stream'])
  })

  it('are all closed to a peer that is proven to have served a wrong slice', () => {
    const book = createPenaltyBook()
    book.record('stream', 'SLICE_CORRUPT')
    const { usable, refusedUntil } = rankWays([socket, stream], book.standing)
    assert.deepEqual(usable, [])
    assert.ok(refusedUntil !== undefined && refusedUntil > Date.now())
  })

  it('is the one that connects where a network knows of no others', async () => {
    const network = { connect: () => socket.connect() } as unknown as Network
    const [only] = waysOf(network, provider)
    assert.deepEqual([only?.name, only?.provesPeers], ['peer', true])
    assert.deepEqual(await only?.connect({ signal }), { peerId: 'socket' })
    const [named] = waysOf({ ...network, nameOf: () => 'peer at its address' }, provider)
    assert.deepEqual([named?.name, named?.provesPeers], ['peer at its address', false])
  })
})

describe('reaching a peer', () => {
  const speak = ({ peerId }: Connection): Promise<string> => Promise.resolve(peerId)

  async function reach(ways: readonly RankedWay[], options: Partial<reachBy.Options> = {}) {
    const failed: string[] = []
    const onFailure: reachBy.Options['onFailure'] = ({ name }, error) => {
      failed.push(`${name} ${isSluiceError(error) ? error.code : ''}`)
    }
    const reached = reachBy(ways, speak, { signal, provenOnly: false, onFailure, ...options })
    return { source: await reached.then(({ source }) => source), failed }
  }

  it('uses the first way alone when that connects', async () => {
    const unused = way('unused')
    assert.deepEqual(await reach([socket, unused]), { source: 'socket', failed: [] })
    assert.equal(unused.dials.count, 0)
  })

  it('goes on with the next way when one cannot be reached, and tells of it', async () => {
    const closed = way('closed', { fails: 'NODE_UNREACHABLE' })
    assert.deepEqual(await reach([closed, stream]), { source: 'stream', failed: ['closed NODE_UNREACHABLE'] })
  })

  it('goes on with the next way when what answers is not the peer', async () => {
    const other = async ({ peerId }: Connection): Promise<string> => {
      if (peerId === 'socket') throw new SluiceError('SIGNATURE_INVALID', 'Another key.')
      return peerId
    }
    const reached = await reachBy([socket, stream], other, { signal, provenOnly: false, onFailure: () => undefined })
    assert.deepEqual(reached, { source: 'stream', way: stream })
  })

  it('throws what the last way fails with, and tells of each', async () => {
    const ways = [way('one', { fails: 'NODE_UNREACHABLE' }), way('two', { fails: 'PRICE_TOO_HIGH' })]
    const failed: string[] = []
    const onFailure: reachBy.Options['onFailure'] = ({ name }) => void failed.push(name)
    await assert.rejects(reach(ways, { onFailure }), (error) => isSluiceError(error, 'PRICE_TOO_HIGH'))
    assert.deepEqual(failed, ['one', 'two'])
  })

  it('keeps to ways that prove the peers where that is needed', async () => {
    assert.deepEqual(await reach([socket, stream], { provenOnly: true }), { source: 'stream', failed: [] })
    assert.deepEqual(await reach([socket], { provenOnly: true }), { source: 'socket', failed: [] })
  })

  it('tries no other way once it is given up', async () => {
    const unused = way('unused')
    const ways = [way('closed', { fails: 'ABORTED' }), unused]
    await assert.rejects(reach(ways, { signal: AbortSignal.abort() }), (error) => isSluiceError(error, 'ABORTED'))
    assert.equal(unused.dials.count, 0)
  })
})
