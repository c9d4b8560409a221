import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import { quiet } from '../testing/peers.ts'
import { createInbox } from './inbox.ts'

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
})
