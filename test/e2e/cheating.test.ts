import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { createTickChain, promisedTotal } from '@sluice/sdk/channel'
import { joinSwarm } from '@sluice/sdk/client'
import { cidOfBlockHash, sha256 } from '@sluice/sdk/content'
import { createPayer } from '@sluice/sdk/exchange'
import type { SourceReport } from '@sluice/sdk/exchange'
import { generateSession, hashVoucher, signDigest } from '@sluice/sdk/session'
import type { PayMessage } from '@sluice/sdk/wire'
import { bytesToHex } from 'viem'
import type { Hex } from 'viem'
import { alterSlices, startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'
import { buyKeyTo, connectTo, createVisitor, openWork, readerThrough, speakTo } from './visitor.ts'
import type { Dialogue, Visitor, Work } from './visitor.ts'

const FILE_BYTES = 8 * 1024 * 1024
const ESCROW = 10n ** 15n

describe('cheating', { timeout: 120_000 }, () => {
  let harness: Harness
  let work: Work
  let holder: Visitor

  before(async () => {
    harness = await startHarness()
    await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    const creator = { node: 'creator', wallet: 'creator' } as const
    const { contentId } = await harness.json<{ contentId: Hex }>(['publish', 'work.bin'], creator)
    await Promise.all([harness.seed('seeder-1', contentId), harness.seed('seeder-2', contentId)])
    holder = await createVisitor(harness, { deposit: ESCROW })
    work = await openWork(holder.reader, contentId)
    await buyKeyTo(holder, work)
  })
  after(() => harness.stop())

  describe('with payments', () => {
    it('stops at a payer whose escrow is empty', async () => {
      const { payer, domain, ...poor } = await createVisitor(harness)
      await buyKeyTo({ payer, domain, ...poor }, work)
      const source = await connectTo(harness, 'seeder-1', { payer, domain, work })
      await Promise.allSettled([source.fetch(0)])
      assert.equal((await source.closed)?.code, 'INSUFFICIENT_FUNDS')
    })

    for (const [empty, limit] of [
      ['escrow', ESCROW],
      ['allowance', 0n],
    ] as const) {
      it(`opens no channel for a payer who lies about an empty ${empty}`, async () => {
        const liar = await createVisitor(harness, { limit })
        await buyKeyTo(liar, work)
        const { wallet, session, domain, payerLedger: ledger } = liar
        const payer = createPayer({ wallet, session, domain, ledger, available: () => Promise.resolve(ESCROW) })
        const source = await connectTo(harness, 'seeder-2', { payer, domain, work })
        await Promise.allSettled([source.fetch(0)])
        assert.equal((await source.closed)?.code, 'INSUFFICIENT_FUNDS')
        const channels = await harness.api('seeder-2').channels('payee')
        assert.ok(channels.every((channel) => channel.payer.toLowerCase() !== wallet.toLowerCase()))
      })
    }

    describe('on a channel on which some slices are paid', () => {
      let dialogue: Dialogue
      let paid: Awaited<ReturnType<typeof payHonestly>>

      /** Opens a channel, pays three slices on it, and returns what the payer remembers. */
      async function payHonestly() {
        const payer = await createVisitor(harness, { deposit: ESCROW })
        await buyKeyTo(payer, work)
        const source = await connectTo(harness, 'seeder-1', { payer: payer.payer, domain: payer.domain, work })
        for (const index of [0, 1, 2]) await source.fetch(index)
        await source.close()
        const [channel] = await payer.payerLedger.list()
        assert.ok(channel?.voucher)
        return { payer, channel, voucher: channel.voucher, price: source.price }
      }

      before(async () => {
        paid = await payHonestly()
        dialogue = await speakTo(harness, 'seeder-1', { ...paid.payer, work })
      })
      after(() => dialogue.hangUp())

      async function accepted(): Promise<bigint> {
        const channels = await harness.api('seeder-1').channels('payee')
        return BigInt(channels.find(({ channelId }) => channelId === paid.channel.channelId)?.accepted ?? 0)
      }

      /** Sends a payment that must be refused, and checks that what was accepted stays what it was. */
      async function expectRefusal(payment: Omit<PayMessage, 'type' | 'channelId'>, code: ErrorCode): Promise<void> {
        const total = promisedTotal(paid.channel)
        assert.equal(await accepted(), total)
        await dialogue.send({ type: 'pay', channelId: paid.channel.channelId, ...payment })
        assert.equal((await dialogue.next('denied')).code, code)
        assert.equal(await accepted(), total)
      }

      /** A voucher of the payer's own making, signed by `session`. */
      async function voucherOf(cumulative: bigint, session = paid.payer.session) {
        const { channelId } = paid.channel
        const { root: tickRoot } = createTickChain(`0x${'5a'.repeat(32)}`, 8)
        const voucher = { channelId, cumulative, tickRoot, tickValue: paid.price, maxTicks: 8 }
        const signature = await signDigest(session, hashVoucher(paid.payer.domain, voucher))
        return { signed: { voucher, signature }, tick: tickRoot, ticks: 0 }
      }

      it('refuses a tick that was shown before', async () => {
        const { seed, maxTicks, ticks } = paid.voucher
        await expectRefusal({ tick: createTickChain(seed, maxTicks).tick(ticks), ticks }, 'TICK_REPLAYED')
      })

      it('refuses a tick of another chain', async () => {
        await expectRefusal({ tick: `0x${'77'.repeat(32)}`, ticks: paid.voucher.ticks + 1 }, 'TICK_INVALID')
      })

      it('refuses a voucher below what was promised last', async () => {
        await expectRefusal(await voucherOf(promisedTotal(paid.channel) - 1n), 'VOUCHER_STALE')
      })

      it('refuses a voucher above the deposit', async () => {
        await expectRefusal(await voucherOf(paid.channel.deposit + 1n), 'VOUCHER_ABOVE_DEPOSIT')
      })

      it('refuses a voucher that another session signed', async () => {
        const stranger = await generateSession()
        await expectRefusal(await voucherOf(promisedTotal(paid.channel), stranger), 'SIGNATURE_INVALID')
      })

      it('refuses a payment on somebody else’s channel', async () => {
        const { tick, ticks } = { tick: paid.voucher.tickRoot, ticks: paid.voucher.ticks + 1 }
        const other = await speakTo(harness, 'seeder-1', { ...holder, work })
        await other.send({ type: 'pay', channelId: paid.channel.channelId, tick, ticks })
        assert.equal((await other.next('denied')).code, 'SESSION_FOREIGN')
        await other.hangUp()
      })
    })
  })

  describe('with bytes', () => {
    it('drops a seeder whose slice was altered, pays nothing for it, and finishes from the others', async () => {
      const altered = 5
      await alterSlices(harness, 'seeder-2', work.root.toString(), [altered])
      const eater = await createVisitor(harness, { deposit: ESCROW })
      await buyKeyTo(eater, work)
      const { reader, payer, payerLedger } = eater
      const reports: SourceReport[] = []
      const { signal } = new AbortController()
      const options = {
        mode: 'download',
        signal,
        payer,
        onReport: (report: SourceReport) => reports.push(report),
      } as const
      // Alone at first, so that the altered slice is asked of it.
      const spoiled = await connectTo(harness, 'seeder-2', { payer, domain: eater.domain, work })
      await assert.rejects(spoiled.fetch(altered), (error) => isSluiceError(error, 'SLICE_CORRUPT'))
      assert.equal((await spoiled.closed)?.code, 'SLICE_CORRUPT')
      assert.equal(spoiled.paid(), 0n)
      assert.ok((await payerLedger.list()).every((channel) => promisedTotal(channel) === 0n))

      const swarm = joinSwarm(reader, work, options)
      const got = new Map<number, Uint8Array>()
      for await (const { index, bytes } of swarm.slices({ first: 0, last: work.sliceCount - 1 })) got.set(index, bytes)
      await swarm.close()
      assert.equal(got.size, work.sliceCount)
      for (const [index, bytes] of got) assert.ok(await work.verify(index, bytes))
      for (const { peerId, error } of reports) {
        assert.deepEqual([peerId, error.code], [harness.network.node('seeder-2').node.peerId, 'SLICE_CORRUPT'])
      }
    })

    it('takes no manifest whose bytes are not its CID’s, neither a page nor a node', async () => {
      const { manifestCid } = work
      assert.ok(manifestCid)
      const { signal } = new AbortController()
      const genuine = await harness.api('seeder-2').getBlock(manifestCid.toString())
      alterBlock('seeder-2', manifestCid.toString())
      const { network } = readerThrough(harness, 'seeder-2')
      await assert.rejects(network.fetchBlock(manifestCid, { signal }), (error) =>
        isSluiceError(error, 'SLICE_CORRUPT'),
      )
      const altered = await harness.api('seeder-2').getBlock(manifestCid.toString())
      assert.notDeepEqual(altered, genuine)
      const put = harness.api('consumer').putBlock(manifestCid.toString(), altered)
      await assert.rejects(put, (error) => isSluiceError(error, 'BAD_INPUT'))
    })

    it('passes over a node that serves other bytes for a block that it alone has', async () => {
      const block = randomBytes(100)
      const cid = cidOfBlockHash(bytesToHex(await sha256(block)))
      await harness.api('seeder-2').putBlock(cid.toString(), block)
      alterBlock('seeder-2', cid.toString())
      const fetched = holder.reader.network.fetchBlock(cid, { signal: new AbortController().signal })
      await assert.rejects(fetched, (error) => isSluiceError(error, 'NO_PROVIDERS'))
    })
  })

  /** Flips one bit of a block in a node's database, behind its back. */
  function alterBlock(name: 'seeder-2', cid: string): void {
    const database = new DatabaseSync(join(harness.network.node(name).node.dataDir, 'node.db'))
    const bytes = database.prepare('SELECT bytes FROM blocks WHERE cid = ?').get(cid)?.['bytes']
    assert.ok(bytes instanceof Uint8Array)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    database.prepare('UPDATE blocks SET bytes = ? WHERE cid = ?').run(bytes, cid)
    database.close()
  }
})
