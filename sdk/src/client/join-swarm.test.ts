import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cidOf, RAW } from '../content/index.ts'
import { SluiceError } from '../errors.ts'
import type { SourceReport } from '../exchange/index.ts'
import type { SignedGrant } from '../wire/index.ts'
import type { Reader } from './context.ts'
import { joinSwarm } from './join-swarm.ts'
import type { Network, Way } from './network.ts'
import { createPenaltyBook } from './penalty-book.ts'

const PEER = { peerId: 'peer', multiaddrs: [], url: 'https://peer.example' }

/** A way at whose end nobody is. */
function deadWay(name: string, provesPeers: boolean): Way {
  const connect = () => Promise.reject(new SluiceError('NODE_UNREACHABLE', `${name} is closed.`))
  return { via: provesPeers ? 'libp2p' : 'ws', name, provesPeers, connect }
}

const socket = deadWay('socket', false)
const stream = deadWay('stream', true)

/** Looks for a content whose one provider cannot be reached, and tells of what is reported. */
async function search(network: Partial<Network>, options: Partial<joinSwarm.Options> = {}) {
  const reports: SourceReport[] = []
  const penalties = createPenaltyBook()
  async function* findProviders() {
    yield await Promise.resolve(PEER)
  }
  const root = await cidOf(RAW, new Uint8Array(1))
  const content = { root, access: 'open', sliceCount: 1, leafBytes: 1, byteSize: 1 } as const
  const reader = { network: { findProviders, ...network }, penalties } as unknown as Reader
  const onReport = (report: SourceReport): void => void reports.push(report)
  const { signal } = new AbortController()
  const swarm = joinSwarm(reader, content, { mode: 'download', signal, onReport, ...options })
  await swarm.searched
  await swarm.close()
  return { reported: reports.map(({ name, error }) => `${name ?? ''} ${error.code}`), penalties }
}

describe('a provider that cannot be reached', () => {
  it('is told of by each way that was tried', async () => {
    const { reported } = await search({ waysTo: () => [socket, stream] })
    assert.deepEqual(reported, ['socket NODE_UNREACHABLE', 'stream NODE_UNREACHABLE'])
  })

  it('is not blamed by a way that was not tried, for a grant that only another carries', async () => {
    const grantFrom = () => Promise.resolve({} as SignedGrant)
    const { reported, penalties } = await search({ waysTo: () => [stream, socket] }, { grantFrom })
    assert.deepEqual(reported, ['stream NODE_UNREACHABLE'])
    assert.deepEqual(penalties.standing('socket'), { handicap: 0 })
  })

  it('is told of by exchange and by HTTP where both were tried', async () => {
    const requestContent = () => Promise.reject(new SluiceError('TIMEOUT', 'No answer.'))
    const { reported } = await search({ waysTo: () => [socket], requestContent })
    assert.deepEqual(reported, ['socket NODE_UNREACHABLE', 'socket TIMEOUT'])
  })

  it('is told of by nothing once the search is given up', async () => {
    const { reported } = await search({ waysTo: () => [socket] }, { signal: AbortSignal.abort() })
    assert.deepEqual(reported, [])
  })
})
