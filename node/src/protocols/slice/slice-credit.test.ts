import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '@sluice/sdk'
import { createBudget, createMemoryPayerLedger, paidTotal } from '@sluice/sdk/channel'
import type { PayerLedger } from '@sluice/sdk/channel'
import { CLIENT_LIMITS } from '@sluice/sdk/exchange'
import type { FrameChannel } from '@sluice/sdk/exchange'
import {
  connect,
  createConsumer,
  fetchAll,
  makeContent,
  PRICE,
  rejects,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'
import type { Seeder } from '../../testing/exchange.ts'
import { dropping, droppingAnswers } from '../../testing/frames.ts'

after(stopSeeders)

describe('credit', () => {
  it('gives a hundred reconnections that never pay one credit in all', async () => {
    const content = makeContent(40)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 5 } })
    const { payer, wallet } = await createConsumer()
    const mute = (channel: FrameChannel): FrameChannel => dropping(channel, ['open', 'pay', 'bye'])
    let served = 0
    const account = { wallet, root: content.root.toString(), token: zeroAddress }
    for (let round = 0; round < 100; round += 1) {
      try {
        const source = await connect(seeder, content, { payer, intercept: mute })
        const fetched = await Promise.allSettled(
          [0, 1, 2, 3, 4, 5, 6].map((index) => source.fetch((round + index) % 40, { signal: AbortSignal.timeout(10) })),
        )
        served += fetched.filter(({ status }) => status === 'fulfilled').length
        void source.close()
      } catch (error) {
        assert.ok(isSluiceError(error, 'CREDIT_EXHAUSTED'))
      }
    }
    assert.ok(served <= 5)
    assert.equal(seeder.ledger.account(account).owed, 5n * PRICE)
  })

  it('gives parallel connections of one wallet one credit in all', async () => {
    const content = makeContent(40)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 5 } })
    const consumers = await Promise.all(Array.from({ length: 8 }, () => createConsumer()))
    const mute = (channel: FrameChannel): FrameChannel => dropping(channel, ['open', 'pay', 'bye'])
    const sources = await Promise.all(
      consumers.map(({ payer }) => connect(seeder, content, { payer, intercept: mute })),
    )
    const signal = AbortSignal.timeout(200)
    const results = await Promise.allSettled(
      sources.flatMap((source) => [0, 1, 2].map((i) => source.fetch(i, { signal }))),
    )
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 5)
  })

  it('says that the escrow is empty, and serves no more than the credit', async () => {
    const content = makeContent(20)
    const seeder = await startSeeder({ contents: [content] })
    seeder.escrow.clear()
    const { payer } = await createConsumer()
    const source = await connect(seeder, content, { payer })
    void fetchAll(source, 20).catch(() => undefined)
    assert.equal((await source.closed)?.code, 'INSUFFICIENT_FUNDS')
  })

  it('serves on when another connection of the same wallet pays', async () => {
    const content = makeContent(30)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 3 } })
    const { payer } = await createConsumer()
    const sources = await Promise.all([connect(seeder, content, { payer }), connect(seeder, content, { payer })])
    const fetched = await Promise.all(
      sources.map(async (source, at) => {
        for (let index = 0; index < 12; index += 1) await source.fetch(at * 12 + index)
      }),
    )
    assert.equal(fetched.length, 2)
    await Promise.all(sources.map((source) => source.close()))
    assert.equal(seeder.ledger.earnings()[0]?.earned, 24n * PRICE)
  })
})

describe('a debt', () => {
  it('pays on return what it lost on the way, and goes on', async () => {
    const content = makeContent(40)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 4 } })
    const { payer } = await createConsumer()
    const cut = new AbortController()
    const first = await connect(seeder, content, {
      payer,
      intercept: (channel) => droppingAnswers(channel, ['slice']),
      source: { signal: cut.signal },
    })
    const lost = [0, 1, 2, 3].map((index) => first.fetch(index))
    const { channelId } = await untilOpened(seeder)
    cut.abort()
    await Promise.allSettled(lost)
    await first.closed
    assert.equal(paidTotal(seeder.ledger.channel(channelId) ?? { claimed: 0n }), 0n)
    const second = await connect(seeder, content, { payer })
    assert.deepEqual(await second.fetch(7), content.slices[7])
    await second.close()
    assert.equal(paidTotal(seeder.ledger.channel(channelId) ?? { claimed: 0n }), 5n * PRICE)
  })

  it('goes on after its process was killed while it owed all of the credit', async () => {
    const content = makeContent(40)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 4 } })
    const ledger = createMemoryPayerLedger()
    let killed = false
    const setLost: PayerLedger['setLost'] = async (...loss) => (killed ? undefined : ledger.setLost(...loss))
    const { payer, session } = await createConsumer({ ledger: { ...ledger, setLost } })
    const cut = new AbortController()
    const first = await connect(seeder, content, {
      payer,
      intercept: (channel) => droppingAnswers(channel, ['slice']),
      source: { signal: cut.signal },
    })
    const lost = [0, 1, 2, 3].map((index) => first.fetch(index))
    await untilOpened(seeder)
    killed = true
    cut.abort()
    await Promise.allSettled(lost)
    await first.closed
    const restarted = await createConsumer({ ledger, session })
    const second = await connect(seeder, content, { payer: restarted.payer })
    assert.equal(second.terms.owed, 4n * PRICE)
    assert.deepEqual(await second.fetch(7), content.slices[7])
    await second.close()
    assert.equal(seeder.ledger.earnings()[0]?.earned, 5n * PRICE)
  })

  it('believes no more of a debt after it was killed than it can have asked for', async () => {
    const content = makeContent(40)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 1000 } })
    const ledger = createMemoryPayerLedger()
    const { payer, wallet } = await createConsumer({ ledger })
    const first = await connect(seeder, content, { payer })
    await first.fetch(0)
    const believed = await ledger.lost(first.terms.payee, content.root.toString())
    assert.equal(believed, BigInt(CLIENT_LIMITS.outstanding) * PRICE)
    await first.close()
    assert.equal(await ledger.lost(first.terms.payee, content.root.toString()), 0n)
    assert.equal(seeder.ledger.account({ wallet, root: content.root.toString(), token: zeroAddress }).paid, PRICE)
  })

  it('does not pay a debt that it knows nothing of', async () => {
    const content = makeContent(20)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 4 } })
    const { payer, wallet } = await createConsumer()
    const account = { wallet, root: content.root.toString(), token: zeroAddress }
    for (let slice = 0; slice < 4; slice += 1) seeder.ledger.reserve(account, PRICE, 4n * PRICE)
    const source = await connect(seeder, content, { payer })
    await rejects(source.fetch(0), 'CREDIT_EXHAUSTED')
    assert.deepEqual(seeder.ledger.channels(), [])
  })
})

async function untilOpened(seeder: Seeder): Promise<{ channelId: Hex }> {
  for (;;) {
    const [channel] = seeder.ledger.channels()
    if (channel !== undefined) return channel
    await new Promise(setImmediate)
  }
}

describe('a budget', () => {
  it('holds what may still come of what was taken back, and in the end what came', async () => {
    const content = makeContent(8)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    const budget = createBudget(10n * PRICE)
    const source = await connect(seeder, content, { payer, source: { budget } })
    await fetchAll(source, 4)
    assert.deepEqual([budget.taken, budget.outstanding], [4n * PRICE, 0n])
    const takeBack = (): Promise<void> => {
      const reader = new AbortController()
      const given = rejects(source.fetch(6, reader), 'ABORTED')
      reader.abort()
      return given
    }
    // Not asked for yet.
    await takeBack()
    assert.equal(budget.taken, 4n * PRICE)
    // Asked for, and then taken back; the second time before it is asked for again.
    const reader = new AbortController()
    const given = rejects(source.fetch(6, reader), 'ABORTED')
    await Promise.resolve()
    reader.abort()
    await Promise.all([given, takeBack()])
    assert.equal(budget.taken, 5n * PRICE)
    await source.close()
    assert.deepEqual([budget.taken, budget.outstanding], [BigInt(source.delivered()) * PRICE, 0n])
  })

  it('holds the price of what was taken back when it cannot be asked for again, for it may still come', async () => {
    const content = makeContent(20)
    const seeder = await startSeeder({ contents: [content], policy: { creditSlices: 20 } })
    let asked = 0
    const purse = {
      get available() {
        asked += 1
        return asked === 1 ? 6n * PRICE : 0n
      },
    }
    const { payer } = await createConsumer(purse)
    const budget = createBudget(20n * PRICE)
    const source = await connect(seeder, content, { payer, source: { budget } })
    await fetchAll(source, 2)
    // Nothing can be added to the channel, which pays four more.
    while (asked < 2) await new Promise(setImmediate)
    await new Promise(setImmediate)
    const reader = new AbortController()
    const wanted = [2, 3, 4].map((index) => source.fetch(index))
    const given = rejects(source.fetch(5, reader), 'ABORTED')
    await Promise.resolve()
    reader.abort()
    const another = source.fetch(6)
    await Promise.all([given, rejects(source.fetch(5), 'INSUFFICIENT_FUNDS')])
    assert.equal(budget.taken, 7n * PRICE)
    await Promise.allSettled([...wanted, another])
    await source.close()
    assert.deepEqual([budget.taken, budget.outstanding], [BigInt(source.delivered()) * PRICE, 0n])
  })
})
