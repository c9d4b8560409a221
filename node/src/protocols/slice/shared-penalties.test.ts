import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createPenaltyBook, joinSwarm } from '@sluice/sdk/client'
import type { Network, PenaltyBook, Provider, Reader } from '@sluice/sdk/client'
import type { SourceReport } from '@sluice/sdk/exchange'
import { createMemoryPair } from '@sluice/sdk/exchange/testing'
import {
  createConsumer,
  DOMAIN,
  makeSlice,
  PRICE,
  rejects,
  resolved,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'
import type { Seeder } from '../../testing/exchange.ts'

after(stopSeeders)

/** A reader that finds one seeder for everything; counts how often that is dialled. */
function readerOf(seeder: Seeder, penalties?: PenaltyBook, nameOf?: (provider: Provider) => string) {
  const dials = { count: 0 }
  const { peerId } = seeder.identity
  const network: Partial<Network> = {
    async *findProviders() {
      yield await Promise.resolve({ peerId, multiaddrs: [] })
    },
    connect: async () => {
      dials.count += 1
      const [near, far] = createMemoryPair()
      void seeder.service.serve(far, { transport: 'libp2p', addressPrefix: '127.0.0' })
      return { peerId, channel: near }
    },
    ...(nameOf === undefined ? {} : { nameOf }),
  }
  const parts = { network, chainId: DOMAIN.chainId, contracts: { channels: DOMAIN.channels } }
  return { dials, reader: { ...parts, ...(penalties && { penalties }) } as Reader }
}

async function fetchOne(
  reader: Reader,
  content: ReturnType<typeof makeSlice>,
  limits: Partial<joinSwarm.Options> = {},
) {
  const { payer } = await createConsumer()
  const reports: SourceReport[] = []
  const { signal } = new AbortController()
  const onReport = (report: SourceReport) => reports.push(report)
  const swarm = joinSwarm(reader, resolved(content), { mode: 'download', signal, payer, onReport, ...limits })
  const fetched = swarm.fetchSlice(0).finally(() => swarm.close())
  return { fetched, codes: async () => fetched.then(Boolean, () => reports.map(({ error }) => error.code)) }
}

describe('a source that lied about one content', () => {
  async function lie(nameOf?: (provider: Provider) => string) {
    const [lied, genuine] = [makeSlice(), makeSlice()]
    const altered = { ...lied, slices: [lied.slice.map((byte) => byte ^ 1)] }
    const seeder = await startSeeder({ contents: [altered, genuine] })
    const penalties = createPenaltyBook()
    const { reader, dials } = readerOf(seeder, penalties, nameOf)
    const first = await fetchOne(reader, lied)
    assert.deepEqual(await first.codes(), ['SLICE_CORRUPT'])
    return { seeder, penalties, reader, dials, genuine }
  }

  it('is not asked for another while the same book is used, and says so', async () => {
    const { reader, dials, genuine } = await lie()
    const second = await fetchOne(reader, genuine)
    await rejects(second.fetched, 'NO_PROVIDERS')
    assert.deepEqual(await second.codes(), ['SLICE_CORRUPT'])
    assert.equal(dials.count, 1)
  })

  it('is asked for another by who has no such book', async () => {
    const { seeder, genuine } = await lie()
    const { fetched } = await fetchOne(readerOf(seeder).reader, genuine)
    assert.deepEqual(await fetched, genuine.slice)
  })

  it('is blamed by the name that its network proves, so that at another address it is asked again', async () => {
    const { seeder, penalties, genuine } = await lie(({ peerId }) => `${peerId} at one address`)
    const elsewhere = readerOf(seeder, penalties, ({ peerId }) => `${peerId} at another`)
    const { fetched } = await fetchOne(elsewhere.reader, genuine)
    assert.deepEqual(await fetched, genuine.slice)
  })

  it('is blamed alone where another at another address is of the same name', async () => {
    const content = makeSlice()
    const honest = await startSeeder({ contents: [content] })
    const altered = { ...content, slices: [content.slice.map((byte) => byte ^ 1)] }
    const liar = await startSeeder({ contents: [altered], overrides: { identity: honest.identity } })
    const { peerId } = honest.identity
    const reported = Promise.withResolvers<unknown>()
    const penalties = createPenaltyBook()
    const { reader } = readerOf(honest, penalties, ({ multiaddrs }) => `${peerId} ${multiaddrs.join()}`)
    const network: Partial<Network> = {
      ...reader.network,
      async *findProviders() {
        yield await Promise.resolve({ peerId, multiaddrs: ['liar'] })
        yield { peerId, multiaddrs: ['honest'] }
      },
      connect: async (provider, options) => {
        if (provider.multiaddrs[0] === 'liar') {
          return { ...(await readerOf(liar).reader.network.connect(provider, options)), peerId }
        }
        await reported.promise
        return reader.network.connect(provider, options)
      },
    }
    const { fetched } = await fetchOne({ ...reader, network } as Reader, content, { onReport: reported.resolve })
    assert.deepEqual(await fetched, content.slice)
    assert.ok(penalties.standing(`${peerId} liar`).refusedUntil)
    assert.deepEqual(penalties.standing(`${peerId} honest`), { handicap: 0 })
  })
})

describe('what a user lets a content cost', () => {
  it('keeps a source away that asks more for a slice, and blames it for nothing', async () => {
    const content = makeSlice()
    const seeder = await startSeeder({ contents: [content] })
    const penalties = createPenaltyBook()
    const { reader } = readerOf(seeder, penalties)
    const dear = await fetchOne(reader, content, { maxPrice: PRICE - 1n })
    await rejects(dear.fetched, 'NO_PROVIDERS')
    assert.deepEqual(await dear.codes(), ['PRICE_TOO_HIGH'])
    assert.deepEqual(penalties.standing(seeder.identity.peerId), { handicap: 0 })
    const { fetched } = await fetchOne(reader, content, { maxPrice: PRICE })
    assert.deepEqual(await fetched, content.slice)
  })

  it('buys nothing beyond the budget', async () => {
    const content = makeSlice()
    const seeder = await startSeeder({ contents: [content] })
    const { reader } = readerOf(seeder)
    const broke = await fetchOne(reader, content, { budget: PRICE - 1n })
    await rejects(broke.fetched, 'INSUFFICIENT_FUNDS')
    assert.deepEqual(seeder.ledger.channels(), [])
    const { fetched } = await fetchOne(reader, content, { budget: PRICE })
    assert.deepEqual(await fetched, content.slice)
  })
})
