import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { bytesToHex } from 'viem'
import type { Address } from 'viem'
import { hashReplicationGrant, signDigest } from '@sluice/sdk/session'
import {
  connect,
  createConsumer,
  DOMAIN,
  fetchAll,
  makeContent,
  PAYEE,
  rejects,
  startSeeder,
  stopSeeders,
} from '../../testing/exchange.ts'

after(stopSeeders)

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
