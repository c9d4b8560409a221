import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SluiceError } from '@sluice/sdk'
import type { Edition } from '@sluice/sdk/chain'
import type { SocialWish } from '@sluice/sdk/client'
import { getAddress, pad } from 'viem'
import { createViewRecorder } from './record-view.ts'
import type { View } from './record-view.ts'
import type { Speaker } from './speaker.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const CREATOR = getAddress(`0x${'b2'.repeat(20)}`)
const DAY_MS = 86_400_000
const VIEW: View = {
  ...{ contentId: pad('0xc0'), wallet: WALLET, creator: CREATOR },
  editions: [1n, 2n].map((editionId) => ({ editionId }) as Edition),
  isHeld: (editionId) => Promise.resolve(editionId === 2n),
}

/** A recorder at a clock that can be moved, and what it said; `failing` are the errors that saying meets, in order. */
function start(failing: SluiceError[] = []) {
  const wishes: SocialWish[] = []
  let time = 0
  const say = async (wish: SocialWish): Promise<void> => {
    wishes.push(wish)
    const error = failing.shift()
    if (error !== undefined) throw error
  }
  const rest = {
    resume: async () => undefined,
    forget: () => undefined,
    read: () => [],
    subscribe: () => () => undefined,
  }
  const speaker: Speaker = { by: 'session', outbox: { say, ...rest } }
  const record = createViewRecorder(() => time)
  return { wishes, speaker, pass: (ms: number) => (time += ms), record, see: () => record(speaker, VIEW) }
}

describe('recording a view', () => {
  it('names the edition that is held, once a day', async () => {
    const { see, wishes, pass } = start()
    await see()
    await see()
    assert.deepEqual(wishes, [{ kind: 'view', contentId: VIEW.contentId, editionId: 2n }])
    pass(DAY_MS)
    await see()
    assert.equal(wishes.length, 2)
  })

  it('is silent without a session, for the creator, and without a key', async () => {
    const { record, speaker, wishes } = start()
    await record({ by: 'nobody' }, VIEW)
    await record({ by: 'wallet', why: { title: '', hint: '' } }, VIEW)
    await record(speaker, { ...VIEW, wallet: CREATOR })
    await record(speaker, { ...VIEW, isHeld: () => Promise.resolve(false) })
    assert.deepEqual(wishes, [])
  })

  it('fails without a word, and is said again only where that may help', async () => {
    const { see, wishes } = start([new SluiceError('NODE_UNREACHABLE', 'No.'), new SluiceError('CHAIN_REVERT', 'No.')])
    await see()
    await see()
    assert.equal(wishes.length, 2)
    await see()
    assert.equal(wishes.length, 2)
  })
})
