import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { joinSwarm } from '@sluice/sdk/client'
import type { Network, Reader, Way } from '@sluice/sdk/client'
import type { FrameChannel, SourceReport } from '@sluice/sdk/exchange'
import { createMemoryPair } from '@sluice/sdk/exchange/testing'
import { createConsumer, DOMAIN, makeSlice, resolved, startSeeder, stopSeeders } from '../../testing/exchange.ts'
import type { Seeder } from '../../testing/exchange.ts'

after(stopSeeders)

/** A channel to a seeder in memory. */
function channelTo(seeder: Seeder): FrameChannel {
  const [near, far] = createMemoryPair()
  void seeder.service.serve(far, { transport: 'libp2p', addressPrefix: '127.0.0' })
  return near
}

/** Fetches the one slice of a content from a peer that is reached by a WebSocket first and by libp2p then. */
async function fetchBy(
  peerId: string,
  content: ReturnType<typeof makeSlice>,
  socket: () => FrameChannel,
  stream = socket,
) {
  const wayBy = (via: Way['via'], open: () => FrameChannel): Way => ({
    via,
    name: via,
    provesPeers: via === 'libp2p',
    connect: () => Promise.resolve({ peerId, channel: open() }),
  })
  const network: Partial<Network> = {
    async *findProviders() {
      yield await Promise.resolve({ peerId, multiaddrs: [] })
    },
    waysTo: () => [wayBy('ws', socket), wayBy('libp2p', stream)],
  }
  const reader = { network, chainId: DOMAIN.chainId, contracts: { channels: DOMAIN.channels } } as unknown as Reader
  const { payer } = await createConsumer()
  const { signal } = new AbortController()
  const reports: SourceReport[] = []
  const onReport = (report: SourceReport): void => void reports.push(report)
  const swarm = joinSwarm(reader, resolved(content), { mode: 'download', signal, payer, onReport })
  try {
    assert.deepEqual(await swarm.fetchSlice(0), content.slice)
    return { reports, via: swarm.stats().map(({ via }) => via) }
  } finally {
    await swarm.close()
  }
}

describe('two ways to one peer', () => {
  it('lead there by the second while the first never says a word', async () => {
    const content = makeSlice()
    const seeder = await startSeeder({ contents: [content] })
    const [mute] = createMemoryPair()
    const { via, reports } = await fetchBy(
      seeder.identity.peerId,
      content,
      () => mute,
      () => channelTo(seeder),
    )
    assert.deepEqual([via, reports], [['libp2p'], []])
  })

  it('lead there by the first where the peer is slow, with one Hello and one channel', async () => {
    const content = makeSlice()
    const dialledTwice = Promise.withResolvers<void>()
    let hellos = 0
    const expiry = async (): Promise<bigint> => {
      hellos += 1
      await dialledTwice.promise
      return 2n ** 40n
    }
    const seeder = await startSeeder({ contents: [content], overrides: { sessions: { expiry } } })
    const second = (): FrameChannel => {
      dialledTwice.resolve()
      return channelTo(seeder)
    }
    const { via } = await fetchBy(seeder.identity.peerId, content, () => channelTo(seeder), second)
    assert.deepEqual([via, hellos, seeder.ledger.channels().length], [['ws'], 1, 1])
  })
})
