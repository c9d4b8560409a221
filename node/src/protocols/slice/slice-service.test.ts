import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import type { ErrorCode } from '@sluice/sdk'
import { createBudget, paidTotal } from '@sluice/sdk/channel'
import type { FrameChannel } from '@sluice/sdk/exchange'
import { generateSession, hashVoucher, signDigest } from '@sluice/sdk/session'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import type { PayMessage } from '@sluice/sdk/wire'
import {
  connect,
  createConsumer,
  DOMAIN,
  fetchAll,
  makeContent,
  PRICE,
  rejects,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'
import type { Seeder } from '../../testing/exchange.ts'
import { droppingAnswers, rewriting, rewritingAnswers } from '../../testing/frames.ts'

after(stopSeeders)

describe('paid exchange', () => {
  it('serves and is paid for exactly what was fetched, across a voucher and a reconnection', async () => {
    const content = makeContent(60)
    const seeder = await startSeeder({ contents: [content] })
    const { payer, ledger } = await createConsumer()
    const first = await connect(seeder, content, { payer })
    assert.deepEqual(await fetchAll(first, 40), content.slices.slice(0, 40))
    await first.close()
    const second = await connect(seeder, content, { payer })
    assert.ok(second.hasChannel)
    assert.deepEqual(await second.fetch(59), content.slices[59])
    await second.close()
    assert.equal(first.paid() + second.paid(), 41n * PRICE)
    const [channel, ...others] = seeder.ledger.channels()
    assert.ok(channel)
    assert.equal(others.length, 0)
    assert.equal(paidTotal(channel), 41n * PRICE)
    assert.equal((await ledger.list()).length, 1)
    assert.deepEqual(
      seeder.ledger.earnings().map(({ earned, slices }) => [earned, slices]),
      [[41n * PRICE, 41]],
    )
  })

  it('raises the deposit when a channel runs dry', async () => {
    const content = makeContent(60)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer({ available: 20n * PRICE })
    const source = await connect(seeder, content, { payer })
    await fetchAll(source, 60)
    await source.close()
    const [channel] = seeder.ledger.channels()
    assert.ok(channel)
    assert.equal(paidTotal(channel), 60n * PRICE)
    assert.ok(channel.deposit >= 60n * PRICE)
  })

  it('claims what is worth its gas, and at once when the payer leaves', async () => {
    const content = makeContent(4)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    const source = await connect(seeder, content, { payer })
    await fetchAll(source, 4)
    await source.close()
    const claimed = await seeder.service.claim()
    assert.deepEqual(
      claimed.map(({ amount }) => amount),
      [4n * PRICE],
    )
    assert.deepEqual(await seeder.service.claim(), [])
    assert.deepEqual(await seeder.service.onCloseRequested(claimed[0]?.channelId ?? '0x'), [])
  })
})

describe('a seeder', () => {
  it('refuses a voucher below what was paid, and a tick that was shown before', async () => {
    const content = makeContent(10)
    const cases: [ErrorCode, (pays: PayMessage[], pay: PayMessage) => PayMessage][] = [
      ['TICK_REPLAYED', (pays) => pays[0] ?? assert.fail()],
      ['TICK_INVALID', (_pays, pay) => ({ ...pay, tick: bytesToHex(randomBytes(32)) })],
    ]
    for (const [code, change] of cases) {
      const seeder = await startSeeder({ contents: [content] })
      const { payer } = await createConsumer()
      const pays: PayMessage[] = []
      const intercept = (channel: FrameChannel): FrameChannel =>
        rewriting(channel, (frame) => {
          if (frame.type !== 'pay') return frame
          pays.push(frame)
          return pays.length > 1 ? change(pays, frame) : frame
        })
      const source = await connect(seeder, content, { payer, intercept })
      await source.fetch(0)
      await settled(seeder, PRICE)
      await source.fetch(1)
      assert.equal((await source.closed)?.code, code)
      assert.equal(seeder.ledger.earnings()[0]?.earned, PRICE)
    }
  })

  it('refuses a new voucher that promises less than the last', async () => {
    const content = makeContent(10)
    const seeder = await startSeeder({ contents: [content] })
    const { payer, session } = await createConsumer()
    let paid = 0
    const source = await connect(seeder, content, {
      payer,
      intercept: (channel) => ({
        ...channel,
        send: async (bytes) => {
          const frame = decodeFrame(bytes)
          if (frame.type !== 'pay' || (paid += 1) < 2) return channel.send(bytes)
          await channel.send(encodeFrame(await staleVoucher(frame, session)))
        },
      }),
    })
    await source.fetch(0)
    await settled(seeder, PRICE)
    await source.fetch(1)
    assert.equal((await source.closed)?.code, 'VOUCHER_STALE')
  })

  it('refuses an intent of another session, and a voucher that this session did not sign', async () => {
    const content = makeContent(10)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    const stranger = await generateSession()
    const foreignIntent = await connect(seeder, content, {
      payer,
      intercept: (channel) =>
        rewriting(channel, (frame) =>
          frame.type === 'open' ? { ...frame, intent: { ...frame.intent, session: stranger.publicKey } } : frame,
        ),
    })
    void foreignIntent.fetch(0).catch(() => undefined)
    assert.equal((await foreignIntent.closed)?.code, 'SESSION_FOREIGN')

    const other = await createConsumer()
    const forged = await connect(seeder, content, {
      payer: other.payer,
      intercept: (channel) =>
        rewriting(channel, (frame) =>
          frame.type === 'pay' && frame.signed
            ? { ...frame, signed: { ...frame.signed, voucher: { ...frame.signed.voucher, tickValue: 1n } } }
            : frame,
        ),
    })
    void forged.fetch(1).catch(() => undefined)
    assert.equal((await forged.closed)?.code, 'SIGNATURE_INVALID')
  })
})

describe('a client', () => {
  it('does not pay for a tampered slice, and leaves', async () => {
    const content = makeContent(6)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    const source = await connect(seeder, content, {
      payer,
      intercept: (channel) =>
        rewritingAnswers(channel, (frame) =>
          frame.type === 'slice' && frame.index === 3 ? { ...frame, data: frame.data.map((byte) => byte ^ 1) } : frame,
        ),
    })
    await source.fetch(0)
    await settled(seeder, PRICE)
    await rejects(source.fetch(3), 'SLICE_CORRUPT')
    assert.equal((await source.closed)?.code, 'SLICE_CORRUPT')
    assert.equal(seeder.ledger.earnings()[0]?.earned, PRICE)
  })

  it('accepts terms only from the peer it meant, unchanged, and at its price', async () => {
    const content = makeContent(6)
    const seeder = await startSeeder({ contents: [content] })
    const stranger = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    await rejects(connect(seeder, content, { payer, peerId: stranger.identity.peerId }), 'SIGNATURE_INVALID')
    const payee: Hex = `0x${'66'.repeat(20)}`
    const intercept = (channel: FrameChannel): FrameChannel =>
      rewritingAnswers(channel, (frame) => (frame.type === 'terms' ? { ...frame, payee } : frame))
    await rejects(connect(seeder, content, { payer, intercept }), 'SIGNATURE_INVALID')
    await rejects(connect(seeder, content, { payer, source: { maxPrice: PRICE - 1n } }), 'PRICE_TOO_HIGH')
  })

  it('spends no more than its budget and locks no more than it has', async () => {
    const content = makeContent(10)
    const seeder = await startSeeder({ contents: [content], policy: { price: PRICE } })
    const { payer } = await createConsumer()
    const source = await connect(seeder, content, { payer, source: { budget: createBudget(3n * PRICE) } })
    await fetchAll(source, 3)
    await rejects(source.fetch(3), 'INSUFFICIENT_FUNDS')
    await source.close()
    const poor = await createConsumer({ available: PRICE - 1n })
    const broke = await connect(seeder, content, { payer: poor.payer })
    void broke.fetch(5).catch(() => undefined)
    assert.equal((await broke.closed)?.code, 'INSUFFICIENT_FUNDS')
  })

  it('gives back to the budget what was taken back and never came', async () => {
    const content = makeContent(10)
    const seeder = await startSeeder({ contents: [content] })
    const { payer } = await createConsumer()
    const budget = createBudget(10n * PRICE)
    const withhold = (channel: FrameChannel): FrameChannel => droppingAnswers(channel, ['slice'])
    const source = await connect(seeder, content, { payer, intercept: withhold, source: { budget } })
    const stop = new AbortController()
    const fetched = [0, 1, 2].map((index) => source.fetch(index, { signal: stop.signal }))
    await new Promise(setImmediate)
    stop.abort()
    await Promise.all(fetched.map((fetch) => rejects(fetch, 'ABORTED')))
    assert.equal(budget.taken, 3n * PRICE)
    void source.fetch(0).catch(() => undefined)
    assert.equal(budget.taken, 3n * PRICE)
    await seeder.service.stop()
    await source.closed
    assert.equal(budget.taken, 0n)
  })

  for (const [end, last] of [
    ['the connection ends', undefined],
    ['the seeder says goodbye', encodeFrame({ type: 'bye' })],
  ] as const) {
    it(`hands over what had come when ${end}, though it was not verified yet`, async () => {
      const content = makeContent(4)
      const seeder = await startSeeder({ contents: [content] })
      const { payer } = await createConsumer()
      const verdicts = Array.from({ length: 4 }, () => Promise.withResolvers<boolean>())
      const intercept = (channel: FrameChannel): FrameChannel => endingAfterSlices(channel, 4, last)
      const verify = (index: number) => verdicts[index]?.promise ?? false
      const source = await connect(seeder, content, { payer, intercept, source: { verify } })
      const fetched = fetchAll(source, 4)
      const ended = source.closed.then(() => 'closed')
      await new Promise(setImmediate)
      assert.equal(await Promise.race([ended, new Promise((resolve) => setImmediate(resolve, 'open'))]), 'open')
      for (const { resolve } of verdicts) resolve(true)
      assert.deepEqual(await fetched, content.slices)
      assert.equal(source.paid(), 4n * PRICE)
      assert.equal(await ended, 'closed')
    })
  }
})

/** Passes on what the server says until so many slices have come; then the channel ends, perhaps with a last frame. */
function endingAfterSlices(channel: FrameChannel, count: number, last?: Uint8Array): FrameChannel {
  async function* frames(): AsyncGenerator<Uint8Array> {
    let slices = 0
    for await (const bytes of channel.frames) {
      yield bytes
      if (decodeFrame(bytes).type === 'slice') slices += 1
      if (slices < count) continue
      if (last !== undefined) yield last
      return
    }
  }
  return { ...channel, frames: frames() }
}

async function staleVoucher(
  pay: PayMessage,
  session: Awaited<ReturnType<typeof generateSession>>,
): Promise<PayMessage> {
  const { channelId } = pay
  const tickRoot = bytesToHex(randomBytes(32))
  const voucher = { channelId, cumulative: PRICE - 1n, tickRoot, tickValue: PRICE, maxTicks: 10 }
  const signature = await signDigest(session, hashVoucher(DOMAIN, voucher))
  return { type: 'pay', channelId, signed: { voucher, signature }, tick: tickRoot, ticks: 0 }
}

/** Resolves once the seeder has accepted `total`. */
async function settled(seeder: Seeder, total: bigint): Promise<void> {
  while ((seeder.ledger.earnings()[0]?.earned ?? 0n) < total) await new Promise(setImmediate)
}
