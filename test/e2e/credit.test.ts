import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { authorize } from '@sluice/sdk/chain'
import { generateSession } from '@sluice/sdk/session'
import type { Hex } from 'viem'
import { startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'
import { buyKeyTo, connectTo, createVisitor, inSeconds, openWork, speakTo } from './visitor.ts'
import type { Visitor, Work } from './visitor.ts'

const FILE_BYTES = 12 * 1024 * 1024
const RECONNECTIONS = 100
const AT_ONCE = 25
const ESCROW = 10n ** 15n

describe('a key holder who does not pay', { timeout: 120_000 }, () => {
  let harness: Harness
  let work: Work
  let debtor: Visitor
  let credit: number

  before(async () => {
    harness = await startHarness()
    await writeRandomFile(harness.file('work.bin'), FILE_BYTES)
    const { contentId } = await harness.json<{ contentId: Hex }>(['publish', 'work.bin'], {
      node: 'creator',
      wallet: 'creator',
    })
    await harness.seed('seeder-1', contentId)
    debtor = await createVisitor(harness, { deposit: ESCROW })
    work = await openWork(debtor.reader, contentId)
    await buyKeyTo(debtor, work)
    const { terms, hangUp } = await speakTo(harness, 'seeder-1', { ...debtor, work })
    credit = Number(terms.credit / terms.price)
    await hangUp()
  })
  after(() => harness.stop())

  /** Connects anew, asks for one slice and hangs up. Returns what was said. */
  async function takeOne(index: number, who: Visitor = debtor): Promise<'served' | 'refused'> {
    const { send, next, terms, hangUp } = await speakTo(harness, 'seeder-1', { ...who, work })
    try {
      await send({ type: 'want', termsId: terms.termsId, ranges: [{ first: index, last: index }], priority: 0 })
      await next('slice')
      return 'served'
    } catch (error) {
      if (isSluiceError(error, 'CREDIT_EXHAUSTED')) return 'refused'
      throw error
    } finally {
      await hangUp()
    }
  }

  it('gains no more than the credit by reconnecting a hundred times, several at once', async () => {
    const outcomes: string[] = []
    const indices = Array.from({ length: RECONNECTIONS }, (_, index) => index % work.sliceCount)
    const reconnect = async () => {
      for (let index = indices.pop(); index !== undefined; index = indices.pop()) outcomes.push(await takeOne(index))
    }
    await Promise.all(Array.from({ length: AT_ONCE }, reconnect))
    assert.equal(outcomes.length, RECONNECTIONS)
    assert.equal(outcomes.filter((outcome) => outcome === 'served').length, credit)
    assert.equal(await harness.served('seeder-1'), credit)
  })

  it('gains nothing through another session of the same wallet', async () => {
    const session = await generateSession()
    const { contracts } = debtor.reader
    await authorize(debtor.client, { contracts, session: session.publicKey, expiry: inSeconds(3600) })
    assert.equal(await takeOne(0, { ...debtor, session }), 'refused')
  })

  it('is told what it owes', async () => {
    const { terms, hangUp } = await speakTo(harness, 'seeder-1', { ...debtor, work })
    await hangUp()
    assert.equal(terms.owed, BigInt(credit) * terms.price)
  })

  it('is served again once it has paid what it owes', async () => {
    const { payerLedger, payer, domain } = debtor
    const source = await connectTo(harness, 'seeder-1', { payer, domain, work })
    const { payee, owed, price } = source.terms
    // What it took is what it knows to have lost on the way, and so believes to owe.
    await payerLedger.setLost(payee, work.root.toString(), owed)
    for (let index = 0; index <= credit; index += 1) await source.fetch(index)
    await source.close()
    const [channel] = await harness.api('seeder-1').channels('payee')
    assert.equal(channel?.accepted, (owed + BigInt(credit + 1) * price).toString())
    assert.equal(await harness.served('seeder-1'), 2 * credit + 1)
  })
})
