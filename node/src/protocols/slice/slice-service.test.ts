import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { bytesToHex, zeroAddress } from 'viem'
import type { Hex } from 'viem'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { createBudget, createMemoryPayerLedger, paidTotal } from '@sluice/sdk/channel'
import type { PayerLedger } from '@sluice/sdk/channel'
import { CLIENT_LIMITS } from '@sluice/sdk/exchange'
import type { FrameChannel, Source } from '@sluice/sdk/exchange'
import { generateSession, hashReplicationGrant, hashVoucher, signDigest } from '@sluice/sdk/session'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import type { Frame, PayMessage } from '@sluice/sdk/wire'
import {
  connect,
  createConsumer,
  DOMAIN,
  makeContent,
  PRICE,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'

after(stopSeeders)

const rejects = (promise: Promise<unknown>, code: ErrorCode): Promise<void> =>
  assert.rejects(promise, (error) => isSluiceError(error, code) || assert.fail(String(error)))

const fetchAll = (source: Source, count: number): Promise<Uint8Array[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => source.fetch(index)))

/** Stands between client and server and rewrites what the client says. */
function rewriting(channel: FrameChannel, rewrite: (frame: Frame) => Frame): FrameChannel {
  return { ...channel, send: (bytes) => channel.send(encodeFrame(rewrite(decodeFrame(bytes)))) }
}

/** Rewrites what the server says. */
function rewritingAnswers(channel: FrameChannel, rewrite: (frame: Frame) => Frame): FrameChannel {
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const bytes of channel.frames) yield encodeFrame(rewrite(decodeFrame(bytes)))
  }
  return { ...channel, frames: frames() }
}

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

  it('refuses sessions that expired or never spoke, wallets without a key, and unknown content', async () => {
    const content = makeContent(4)
    const { payer } = await createConsumer()
    const now = BigInt(Math.floor(Date.now() / 1000))
    const expired = await startSeeder({ contents: [content], sessionExpiry: () => now + 10n })
    await rejects(connect(expired, content, { payer }), 'SESSION_EXPIRED')
    const foreign = await startSeeder({ contents: [content], sessionExpiry: () => 0n })
    await rejects(connect(foreign, content, { payer }), 'SESSION_FOREIGN')
    const keyless = await startSeeder({ contents: [content], entitled: () => [] })
    await rejects(connect(keyless, content, { payer }), 'NOT_ENTITLED')
    const empty = await startSeeder({ contents: [] })
    await rejects(connect(empty, content, { payer }), 'CONTENT_UNKNOWN')
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

  it('ends a connection when the wallet has sold its key', async () => {
    const content = makeContent(4)
    let allowed = [{ first: 0, last: 3 }]
    const seeder = await startSeeder({ contents: [content], entitled: () => allowed })
    const { payer } = await createConsumer()
    const source = await connect(seeder, content, { payer })
    await source.fetch(0)
    allowed = []
    seeder.changed()
    assert.equal((await source.closed)?.code, 'NOT_ENTITLED')
  })

  it('gives strangers the preview, open content to all, and neither without bound', async () => {
    const sealed = makeContent(8)
    const open = makeContent(8, { open: true })
    const seeder = await startSeeder({
      contents: [sealed, open],
      publicSlices: [{ first: 2, last: 3 }],
      policy: { publicBytesPerMinute: 5 * 262_144 },
    })
    const preview = await connect(seeder, sealed)
    assert.deepEqual([0, 1, 2, 3, 4].map(preview.has), [false, false, true, true, false])
    assert.deepEqual(await preview.fetch(2), sealed.slices[2])
    await rejects(preview.fetch(5), 'NOT_ENTITLED')
    const all = await connect(seeder, open)
    await fetchAll(all, 4)
    await rejects(all.fetch(5), 'RATE_LIMITED')
    const elsewhere = await connect(seeder, open, { remote: { addressPrefix: '10.0.0' } })
    assert.deepEqual(await elsewhere.fetch(5), open.slices[5])
  })

  it('honours the creator’s grant for the peer it names, up to its bytes', async () => {
    const content = makeContent(8)
    const { session, wallet } = await createConsumer()
    const until = BigInt(Math.floor(Date.now() / 1000)) + 600n
    const unsigned = { peerId: 'replica', wallet, maxBytes: 3n * 262_144n, until }
    const root = bytesToHex(content.root.bytes)
    const signature = await signDigest(session, hashReplicationGrant(DOMAIN, { ...unsigned, root }))
    const grant = { ...unsigned, session: session.publicKey, signature }
    const seeder = await startSeeder({ contents: [content], creator: wallet })
    const replica = await connect(seeder, content, { source: { grant }, remote: { peerId: 'replica' } })
    assert.equal(replica.price, 0n)
    await fetchAll(replica, 3)
    await rejects(replica.fetch(4), 'CREDIT_EXHAUSTED')
    await rejects(connect(seeder, content, { source: { grant }, remote: { peerId: 'other' } }), 'NOT_ENTITLED')
    const elsewhere = await startSeeder({ contents: [content] })
    await rejects(connect(elsewhere, content, { source: { grant }, remote: { peerId: 'replica' } }), 'NOT_ENTITLED')
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

function dropping(channel: FrameChannel, types: readonly Frame['type'][]): FrameChannel {
  return {
    ...channel,
    send: async (bytes) => {
      if (!types.includes(decodeFrame(bytes).type)) await channel.send(bytes)
    },
  }
}

function droppingAnswers(channel: FrameChannel, types: readonly Frame['type'][]): FrameChannel {
  async function* frames(): AsyncGenerator<Uint8Array> {
    for await (const bytes of channel.frames) if (!types.includes(decodeFrame(bytes).type)) yield bytes
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

type TestSeeder = Awaited<ReturnType<typeof startSeeder>>

/** Resolves once the seeder has accepted `total`. */
async function settled(seeder: TestSeeder, total: bigint): Promise<void> {
  while ((seeder.ledger.earnings()[0]?.earned ?? 0n) < total) await new Promise(setImmediate)
}

async function untilOpened(seeder: TestSeeder): Promise<{ channelId: Hex }> {
  for (;;) {
    const [channel] = seeder.ledger.channels()
    if (channel !== undefined) return channel
    await new Promise(setImmediate)
  }
}
