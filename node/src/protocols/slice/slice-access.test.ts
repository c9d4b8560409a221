import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { createBudget, paidTotal } from '@sluice/sdk/channel'
import type { FrameChannel, Source } from '@sluice/sdk/exchange'
import { bytesToHex, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { hashReplicationGrant, signDigest } from '@sluice/sdk/session'
import { decodeFrame, encodeFrame } from '@sluice/sdk/wire'
import {
  connect,
  createConsumer,
  DOMAIN,
  fetchAll,
  makeContent,
  memoryStore,
  PAYEE,
  PRICE,
  rejects,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'

after(stopSeeders)

/** Each after the one before. */
async function fetchEach(source: Source, indices: readonly number[]): Promise<void> {
  for (const index of indices) await source.fetch(index)
}

/** A channel on which somebody says of every slice that it is free. */
function sayFree(channel: FrameChannel): FrameChannel {
  async function* frames() {
    for await (const bytes of channel.frames) {
      const message = decodeFrame(bytes)
      yield message.type === 'slice' ? encodeFrame({ ...message, free: true }) : bytes
    }
  }
  return { ...channel, frames: frames() }
}

describe('what a seeder gives to whom', () => {
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

  it('ends a connection in order where the ledger cannot be written, and settles later', async () => {
    const content = makeContent(4)
    const seeder = await startSeeder({ contents: [content] })
    const served: Promise<void>[] = []
    const serve: typeof seeder.service.serve = (...from) => {
      const done = seeder.service.serve(...from)
      served.push(done)
      return done
    }
    const { payer, wallet } = await createConsumer()
    const source = await connect({ ...seeder, service: { ...seeder.service, serve } }, content, { payer })
    const account = { wallet, root: content.root.toString(), token: zeroAddress }
    const { ledger } = seeder
    assert.ok(ledger.reserve(account, PRICE, 8n * PRICE, 3))
    ledger.database.exec('PRAGMA query_only = ON')
    await source.close()
    await Promise.all(served)
    ledger.database.exec('PRAGMA query_only = OFF')
    const inFile = () => ledger.database.prepare('SELECT owed FROM accounts').get()?.['owed']
    assert.equal(inFile(), String(4n * PRICE))
    ledger.settle(account)
    assert.equal(inFile(), String(PRICE))
  })

  it('looks again when a session of the wallet was revoked, and not for anybody else’s', async () => {
    const content = makeContent(4)
    let [expiry, asked] = [2n ** 40n, 0]
    const tell: ((wallet: Address | undefined) => void)[] = []
    const sessions = {
      expiry: () => {
        asked += 1
        return Promise.resolve(expiry)
      },
      onChange: (listener: (wallet: Address | undefined) => void) => {
        tell.push(listener)
        return () => void tell.splice(0)
      },
    }
    const seeder = await startSeeder({ contents: [content], overrides: { sessions } })
    const { payer, wallet } = await createConsumer()
    const source = await connect(seeder, content, { payer })
    const before = asked
    tell[0]?.(PAYEE)
    assert.equal(asked, before)
    expiry = 0n
    tell[0]?.(wallet)
    assert.equal((await source.closed)?.code, 'SESSION_EXPIRED')
  })

  describe('with a preview, in a session that pays', () => {
    const publicSlices = [{ first: 2, last: 3 }]

    it('owes and is owed nothing for it', async () => {
      const content = makeContent(8)
      const seeder = await startSeeder({ contents: [content], publicSlices })
      const { payer, wallet } = await createConsumer()
      const budget = createBudget(6n * PRICE)
      const source = await connect(seeder, content, { payer, source: { budget, publicSlices } })
      for (const index of content.slices.keys()) assert.deepEqual(await source.fetch(index), content.slices[index])
      await source.close()
      assert.deepEqual([source.delivered(), source.free?.(), source.paid()], [8, 2, 6n * PRICE])
      assert.deepEqual([budget.taken, budget.outstanding], [6n * PRICE, 0n])
      const key = { wallet, root: content.root.toString(), token: zeroAddress }
      assert.deepEqual(seeder.ledger.account(key), { owed: 6n * PRICE, paid: 6n * PRICE, slices: 6 })
      const [channel] = seeder.ledger.channels()
      assert.equal(channel && paidTotal(channel), 6n * PRICE)
    })

    it('gives it to who holds a key to other slices', async () => {
      const content = makeContent(8)
      const seeder = await startSeeder({ contents: [content], publicSlices, entitled: () => [{ first: 6, last: 7 }] })
      const { payer } = await createConsumer()
      const source = await connect(seeder, content, { payer, source: { publicSlices } })
      assert.deepEqual([1, 2, 3, 4, 6].map(source.has), [false, true, true, false, true])
      seeder.changed()
      await fetchEach(source, [2, 3, 7])
      assert.equal(source.paid(), PRICE)
      await rejects(source.fetch(1), 'NOT_ENTITLED')
    })

    it('sells it when no more is given away to the address for now', async () => {
      const content = makeContent(8)
      const policy = { publicBytesPerMinute: 262_144 }
      const seeder = await startSeeder({ contents: [content], publicSlices, policy })
      const { payer, wallet } = await createConsumer()
      const source = await connect(seeder, content, { payer, source: { publicSlices } })
      await fetchEach(source, [2, 3])
      await source.close()
      assert.deepEqual([source.free?.(), source.paid()], [1, PRICE])
      const key = { wallet, root: content.root.toString(), token: zeroAddress }
      assert.deepEqual(seeder.ledger.account(key), { owed: PRICE, paid: PRICE, slices: 1 })
    })

    it('is paid for the rest by who is told by somebody in between that it is free', async () => {
      const content = makeContent(8)
      const seeder = await startSeeder({ contents: [content], publicSlices })
      const { payer, wallet } = await createConsumer()
      const source = await connect(seeder, content, { payer, source: { publicSlices }, intercept: sayFree })
      await fetchAll(source, 8)
      await source.close()
      assert.deepEqual([source.free?.(), source.paid()], [2, 6n * PRICE])
      const key = { wallet, root: content.root.toString(), token: zeroAddress }
      assert.deepEqual(seeder.ledger.account(key), { owed: 6n * PRICE, paid: 6n * PRICE, slices: 6 })
    })

    it('takes nothing from the ledger where the slice is not here, and gives the address its bytes back', async () => {
      const content = makeContent(8)
      const store = { ...memoryStore([content]), readSlice: () => Promise.resolve(undefined) }
      const policy = { publicBytesPerMinute: 262_144 }
      const seeder = await startSeeder({ contents: [content], publicSlices, policy, overrides: { store } })
      const { payer, wallet } = await createConsumer()
      const source = await connect(seeder, content, { payer })
      await rejects(source.fetch(2), 'SLICE_MISSING')
      const key = { wallet, root: content.root.toString(), token: zeroAddress }
      assert.deepEqual(seeder.ledger.account(key), { owed: 0n, paid: 0n, slices: 0 })
      assert.ok(seeder.service.publicReader.reserve('127.0.0', 1))
    })
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
