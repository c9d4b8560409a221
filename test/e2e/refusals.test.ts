import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import { revoke, transferKey } from '@sluice/sdk/chain'
import { collectShares } from '@sluice/sdk/key'
import { generateSession } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import type { Hex } from 'viem'
import { startHarness, writeRandomFile } from './harness.ts'
import type { Harness } from './harness.ts'
import { askKeeper, buyKeyTo, connectTo, createVisitor, inSeconds, openWork, speakTo } from './visitor.ts'
import type { Dialogue, Visitor, Work } from './visitor.ts'

const FILE_BYTES = 8 * 1024 * 1024
const ESCROW = 10n ** 15n
const SERVERS = ['creator', 'seeder-1', 'seeder-2'] as const

describe('who is refused', { timeout: 180_000 }, () => {
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

  function peerIdOf(name: (typeof SERVERS)[number]): string {
    return harness.network.node(name).node.peerId
  }

  /** What has left the nodes so far, and what they have earned by it. */
  async function standing() {
    return Promise.all(
      SERVERS.map(async (name) => [await harness.served(name), (await harness.api(name).earnings()).contents] as const),
    )
  }

  /** Checks that every seeder and every keeper refuses, each with its code, and that nothing leaves. */
  async function expectRefused(visitor: Visitor, code: ErrorCode): Promise<void> {
    const before = await standing()
    for (const name of SERVERS) {
      await assert.rejects(speakTo(harness, name, { ...visitor, work }), (error) => isSluiceError(error, code), name)
      await assert.rejects(askKeeper(visitor, work, peerIdOf(name)), (error) => isSluiceError(error, code), name)
    }
    assert.deepEqual(await standing(), before)
  }

  async function expectServed(visitor: Visitor): Promise<void> {
    const { payer, domain } = visitor
    for (const [index, name] of SERVERS.entries()) {
      const source = await connectTo(harness, name, { payer, domain, work })
      await source.fetch(index)
      await source.close()
      await askKeeper(visitor, work, peerIdOf(name))
    }
  }

  describe('entitlement', () => {
    it('refuses a wallet without a key at every seeder and keeper', async () => {
      const stranger = await createVisitor(harness, { deposit: ESCROW })
      await expectRefused(stranger, 'NOT_ENTITLED')
    })

    it('gives a wallet without a key no shares to open the lockbox with, and names why', async () => {
      const { reader, wallet, session, domain } = await createVisitor(harness)
      const { requestShare } = reader.network
      const { lockbox } = work
      await assert.rejects(collectShares({ lockbox, wallet, session, domain, requestShare }), (error) => {
        assert.ok(isSluiceError(error, 'NOT_ENOUGH_SHARES'))
        for (const name of SERVERS) assert.match(error.message, new RegExp(`${peerIdOf(name)}: NOT_ENTITLED`))
        return true
      })
    })

    it('gives nobody anything of sealed content without a preview', async () => {
      const before = await standing()
      const source = await connectTo(harness, 'seeder-1', { domain: holder.domain, work })
      assert.equal(source.has(0), false)
      await assert.rejects(source.fetch(0), (error) => isSluiceError(error, 'NOT_ENTITLED'))
      await source.close()
      assert.deepEqual(await standing(), before)
    })

    it('refuses the old holder of a key and serves the new one as soon as it is transferred', async () => {
      const [giver, heir] = await Promise.all([
        createVisitor(harness, { deposit: ESCROW }),
        createVisitor(harness, { deposit: ESCROW }),
      ])
      await buyKeyTo(giver, work)
      await expectServed(giver)
      const { payer, domain, client, reader } = giver
      const kept = await connectTo(harness, 'seeder-1', { payer, domain, work })
      const { contracts } = reader
      await transferKey(client, { contracts, editionId: work.editionId, to: heir.wallet })
      await expectRefused(giver, 'NOT_ENTITLED')
      await expectServed(heir)
      assert.equal((await kept.closed)?.code, 'NOT_ENTITLED', 'a connection that stood is ended')
    })
  })

  describe('sessions', () => {
    /** The key holder's wallet, with another session to speak for it. */
    function speakingWith(session: Session): Visitor {
      return { ...holder, session }
    }

    it('refuses a session that the wallet never authorised', async () => {
      await expectRefused(speakingWith(await generateSession()), 'SESSION_FOREIGN')
    })

    it('refuses a session that speaks for another wallet', async () => {
      const other = await createVisitor(harness, { deposit: ESCROW })
      await expectRefused(speakingWith(other.session), 'SESSION_FOREIGN')
    })

    it('refuses a session that the wallet revoked', async () => {
      const leaver = await createVisitor(harness, { deposit: ESCROW })
      await buyKeyTo(leaver, work)
      await expectServed(leaver)
      await revoke(leaver.client, { contracts: leaver.reader.contracts, session: leaver.session.publicKey })
      await expectRefused(leaver, 'SESSION_FOREIGN')
    })

    it('refuses a session that has expired', async () => {
      const expiry = inSeconds(5)
      const late = await createVisitor(harness, { deposit: ESCROW, expiry })
      await buyKeyTo(late, work)
      await untilClock(expiry)
      await expectRefused(late, 'SESSION_EXPIRED')
    })
  })

  describe('a Hello', () => {
    let spoken: Dialogue

    before(async () => {
      spoken = await speakTo(harness, 'seeder-1', { ...holder, work })
    })
    after(() => spoken.hangUp())

    it('is of no use at another node', async () => {
      const replayed = speakTo(harness, 'seeder-2', { ...holder, work }, () => spoken.hello)
      await assert.rejects(replayed, (error) => isSluiceError(error, 'SIGNATURE_INVALID'))
    })

    it('is of no use at the same node again', async () => {
      const replayed = speakTo(harness, 'seeder-1', { ...holder, work }, () => spoken.hello)
      await assert.rejects(replayed, (error) => isSluiceError(error, 'SIGNATURE_INVALID'))
    })

    it('is of no use at another node with that node’s name and challenge put in', async () => {
      const forged = speakTo(harness, 'seeder-2', { ...holder, work }, ({ challenge, serverPeerId }) => {
        return { ...spoken.hello, challenge, serverPeerId }
      })
      await assert.rejects(forged, (error) => isSluiceError(error, 'SIGNATURE_INVALID'))
    })

    it('speaks for no other wallet than it was signed for', async () => {
      const thief = await createVisitor(harness)
      const forged = speakTo(harness, 'seeder-1', { ...thief, work }, (hello) => {
        const { identity } = hello
        assert.ok(identity)
        return { ...hello, identity: { ...identity, wallet: holder.wallet } }
      })
      await assert.rejects(forged, (error) => isSluiceError(error, 'SIGNATURE_INVALID'))
    })

    it('is for this chain and none other', async () => {
      const forged = speakTo(harness, 'seeder-1', { ...holder, work }, (hello) => ({ ...hello, chainId: 1n }))
      await assert.rejects(forged, (error) => isSluiceError(error, 'WRONG_CHAIN'))
    })
  })
})

/** Waits for the clock, which is what ends a session. */
async function untilClock(second: bigint): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Number(second) * 1000 - Date.now()))
}
