import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pad, zeroAddress, zeroHash } from 'viem'
import type { SocialReport, SocialState } from '../social/index.ts'
import { followSocialAction } from './follow-social-action.ts'

const WORD = pad('0x01')
const FIRST: SocialReport = {
  id: WORD,
  state: 'pending',
  post: {
    action: {
      ...{ wallet: zeroAddress, session: { qx: WORD, qy: WORD }, kind: 2, subject: WORD, value: zeroHash },
      ...{ parent: zeroHash, nonce: 1n, issuedAt: 1n, deadline: 2n },
    },
    signature: { r: WORD, s: WORD },
  },
}

/** Follows it at a node that answers each look like this, and takes no posts. */
async function follow(states: readonly SocialState[], first = FIRST) {
  const left = [...states]
  const seen: SocialState[] = []
  const report = await followSocialAction(
    {
      post: () => assert.fail('posted again'),
      report: () => Promise.resolve({ ...FIRST, state: left.shift() ?? assert.fail('asked too often') }),
    },
    first,
    { onReport: ({ state }) => void seen.push(state), signal: new AbortController().signal },
  )
  return { report, seen }
}

describe('following what a node has taken', () => {
  it('tells of every change from what was known, and ends when it is settled', async () => {
    const { report, seen } = await follow(['pending', 'submitted', 'settled'])
    assert.deepEqual(seen, ['submitted', 'settled'])
    assert.equal(report.state, 'settled')
  })

  it('asks for nothing where the end is known already', async () => {
    const { report, seen } = await follow([], { ...FIRST, state: 'settled' })
    assert.equal(report.state, 'settled')
    assert.deepEqual(seen, [])
  })

  it('goes on to ask past the deadline, since a node may tell of the end a little later', async () => {
    assert.ok(FIRST.post.action.deadline * 1000n < BigInt(Date.now()))
    assert.equal((await follow(['settled'])).report.state, 'settled')
  })
})
