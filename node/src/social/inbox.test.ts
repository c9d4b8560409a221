import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { SocialPost } from '@sluice/sdk/social'
import { getAddress, numberToHex, pad, zeroHash } from 'viem'
import { quiet } from '../testing/peers.ts'
import { createInbox } from './inbox.ts'
import { encodeMessage } from './message-codec.ts'

const MALFORMED = Uint8Array.of(0, 5, 1)
/** More than any peer may err at once. */
const MANY = 200

function openTest() {
  const world = { time: 0 }
  const take = () => Promise.resolve({ isNew: true, isSenderAtFault: false })
  const inbox = createInbox({ take, passOn: () => undefined, log: quiet, now: () => world.time })
  /** Whether a peer that errs is still heard when it does. */
  const errs = async (peer: string): Promise<boolean> =>
    inbox.receive(MALFORMED, peer).then(
      () => assert.fail('it was taken'),
      (error: unknown) => {
        assert.ok(isSluiceError(error, 'BAD_INPUT') || isSluiceError(error, 'RATE_LIMITED'))
        return isSluiceError(error, 'BAD_INPUT')
      },
    )
  return { world, errs }
}

describe('the inbox', () => {
  it('hears nothing for a minute from whoever errs too often, and goes on hearing the others', async () => {
    const { world, errs } = openTest()
    let count = 0
    while (count < MANY && (await errs('a'))) count += 1
    assert.ok(count > 1 && count < MANY)
    for (const time of [500, 1000, 30_000, 59_999]) {
      world.time = time
      assert.equal(await errs('a'), false, `at ${time}`)
    }
    assert.equal(await errs('b'), true)
    world.time = 60_000
    assert.equal(await errs('a'), true)
  })

  it('judges what one wallet says one after the other, in its order, and others meanwhile', async () => {
    const taken: string[] = []
    const ends: (() => void)[] = []
    const inbox = createInbox({
      take: async ({ action: { wallet, nonce } }) => {
        taken.push(`${BigInt(wallet)}.${nonce}`)
        const { promise, resolve } = Promise.withResolvers<void>()
        ends.push(resolve)
        await promise
        return { isNew: true, isSenderAtFault: false }
      },
      passOn: ({ action: { wallet, nonce } }) => {
        passed.resolve(`${BigInt(wallet)}.${nonce}`)
      },
      log: quiet,
    })
    let passed = Promise.withResolvers<string>()
    const end = async (at: number): Promise<string> => {
      passed = Promise.withResolvers()
      ends[at]?.()
      const name = await passed.promise
      // What waited begins once the one before it is done with.
      await new Promise((resolve) => setImmediate(resolve))
      return name
    }
    await inbox.receive(encodeMessage([post(1, 1), post(1, 2), post(2, 1)]), 'a')
    await inbox.receive(encodeMessage([post(1, 3)]), 'b')
    assert.deepEqual(taken, ['1.1', '2.1'])
    assert.equal(await end(1), '2.1')
    assert.deepEqual(taken, ['1.1', '2.1'])
    assert.equal(await end(0), '1.1')
    assert.deepEqual(taken, ['1.1', '2.1', '1.2'])
    assert.equal(await end(2), '1.2')
    assert.deepEqual(taken, ['1.1', '2.1', '1.2', '1.3'])
    assert.equal(await end(3), '1.3')
  })
})

function post(wallet: number, nonce: number): SocialPost {
  const action = {
    wallet: getAddress(pad(numberToHex(wallet), { size: 20 })),
    session: { qx: zeroHash, qy: zeroHash },
    kind: 2,
    subject: zeroHash,
    value: zeroHash,
    parent: zeroHash,
    nonce: BigInt(nonce),
    issuedAt: 1n,
    deadline: 100n,
  }
  return { action, signature: { r: zeroHash, s: zeroHash } }
}
