import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MockTimers } from 'node:test'
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

/** What nothing should come to. */
const never = () => assert.fail('called')
const turn = () => new Promise((resolve) => setImmediate(resolve))

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

  async function reach(ways: readonly RankedWay[], options: Partial<reachBy.Options<string>> = {}) {
    const failed: string[] = []
    const onFailure: reachBy.Options<string>['onFailure'] = ({ name }, error) => {
      failed.push(`${name} ${isSluiceError(error) ? error.code : ''}`)
    }
    const reached = reachBy(ways, speak, { signal, provenOnly: false, onFailure, discard: never, ...options })
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
    const options = { signal, provenOnly: false, onFailure: () => undefined, discard: never }
    const reached = await reachBy([socket, stream], other, options)
    assert.deepEqual(reached, { source: 'stream', way: stream })
  })

  it('throws what the last way fails with, and tells of each', async () => {
    const ways = [way('one', { fails: 'NODE_UNREACHABLE' }), way('two', { fails: 'PRICE_TOO_HIGH' })]
    const failed: string[] = []
    const onFailure: reachBy.Options<string>['onFailure'] = ({ name }) => void failed.push(name)
    await assert.rejects(reach(ways, { onFailure }), (error) => isSluiceError(error, 'PRICE_TOO_HIGH'))
    assert.deepEqual(failed, ['one', 'two'])
  })

  it('keeps to ways that prove the peers where that is needed', async () => {
    assert.deepEqual(await reach([socket, stream], { provenOnly: true }), { source: 'stream', failed: [] })
    assert.deepEqual(await reach([socket], { provenOnly: true }), { source: 'socket', failed: [] })
  })

  it('does not wait for a way that says nothing, and leaves it', async ({ mock }) => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const silent = Promise.withResolvers<string>()
    let left: boolean | undefined
    const discarded: string[] = []
    const say: reachBy.Speak<string> = ({ peerId }, _way, { signal: given }) => {
      if (peerId !== 'socket') return Promise.resolve(peerId)
      given.addEventListener('abort', () => (left = true))
      return silent.promise
    }
    const discard = (source: string): void => void discarded.push(source)
    const options = { signal, provenOnly: false, onFailure: never, discard }
    const reached = reachBy([socket, stream], say, options)
    await turn()
    mock.timers.tick(500)
    assert.equal((await reached).source, 'stream')
    assert.equal(left, true)
    silent.resolve('socket')
    await turn()
    assert.deepEqual(discarded, ['socket'])
  })

  describe('by two ways at once', () => {
    /** Two ways that have both heard from the peer, the first one half a second earlier. */
    async function both(mock: MockTimers) {
      mock.enable({ apis: ['setTimeout'] })
      const hellos: string[] = []
      const terms = { socket: Promise.withResolvers<string>(), stream: Promise.withResolvers<string>() }
      const say: reachBy.Speak<string> = async ({ peerId }, _way, { mayGreet }) => {
        await mayGreet()
        hellos.push(peerId)
        return terms[peerId as keyof typeof terms].promise
      }
      const failed: string[] = []
      const onFailure: reachBy.Options<string>['onFailure'] = ({ name }) => void failed.push(name)
      const reached = reachBy([socket, stream], say, { signal, provenOnly: false, onFailure, discard: never })
      await turn()
      mock.tick(500)
      await turn()
      return { reached, hellos, terms, failed }
    }

    it('says one Hello while the peer takes its time', async ({ mock }) => {
      const { reached, hellos, terms } = await both(mock.timers)
      mock.timers.tick(1500)
      await turn()
      terms.socket.resolve('socket')
      assert.equal((await reached).source, 'socket')
      mock.timers.tick(60_000)
      await turn()
      assert.deepEqual(hellos, ['socket'])
    })

    it('says another at once where the first was refused', async ({ mock }) => {
      const { reached, hellos, terms, failed } = await both(mock.timers)
      terms.socket.reject(new SluiceError('SIGNATURE_INVALID', 'Another key.'))
      terms.stream.resolve('stream')
      assert.equal((await reached).source, 'stream')
      assert.deepEqual([hellos, failed], [['socket', 'stream'], ['socket']])
    })

    it('says another where the first has no answer for long', async ({ mock }) => {
      const { reached, hellos, terms } = await both(mock.timers)
      mock.timers.tick(2000)
      terms.stream.resolve('stream')
      assert.equal((await reached).source, 'stream')
      assert.deepEqual(hellos, ['socket', 'stream'])
    })
  })

  it('tries no other way once it is given up', async () => {
    const unused = way('unused')
    const ways = [way('closed', { fails: 'ABORTED' }), unused]
    await assert.rejects(reach(ways, { signal: AbortSignal.abort() }), (error) => isSluiceError(error, 'ABORTED'))
    assert.equal(unused.dials.count, 0)
  })
})
