import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { MockTimers } from 'node:test'
import { createPublicClient, custom, pad, zeroAddress, zeroHash } from 'viem'
import { contractsBy } from '../chain/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { hashSocialAction } from '../social/index.ts'
import type { SocialPost, SocialReport, SocialState } from '../social/index.ts'
import { followSocialAction } from './follow-social-action.ts'
import { createSocialChain } from './social-fixtures.ts'
import type { SocialChainState } from './social-fixtures.ts'

const WORD = pad('0x01')
const ACTION = {
  ...{ wallet: zeroAddress, session: { qx: WORD, qy: WORD }, kind: 2, subject: WORD, value: zeroHash },
  ...{ parent: zeroHash, nonce: 1n, issuedAt: 1n, deadline: 2n },
}
const FIRST: SocialReport = {
  id: hashSocialAction({ chainId: 1, social: zeroAddress }, ACTION),
  state: 'pending',
  post: { action: ACTION, signature: { r: WORD, s: WORD } },
}

/** A chain that answers one call after the other whether the nonce is spent, and at last always that it is. */
function placeWhere(spent: readonly boolean[]) {
  const left = [...spent]
  const request = () => Promise.resolve(pad((left.shift() ?? true) ? '0x01' : '0x00'))
  return {
    chain: createPublicClient({ transport: custom({ request }) }),
    chainId: 1,
    contracts: contractsBy(() => zeroAddress),
  }
}

/** Follows it at a node that answers each look like this, and takes no posts. */
async function follow(states: readonly SocialState[], first = FIRST, spent: readonly boolean[] = []) {
  const left = [...states]
  const seen: SocialState[] = []
  const report = await followSocialAction(
    {
      post: () => assert.fail('posted again'),
      report: () => Promise.resolve({ ...FIRST, state: left.shift() ?? assert.fail('asked too often') }),
    },
    first,
    { ...placeWhere(spent), onReport: ({ state }) => void seen.push(state), signal: new AbortController().signal },
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

  it('takes no node’s word for it that it is settled before the chain has its nonce', async () => {
    const { report, seen } = await follow(['settled', 'settled'], FIRST, [false])
    assert.equal(report.state, 'settled')
    assert.deepEqual(seen, ['submitted', 'settled'])
  })

  describe('by a node that refuses what the chain would do', () => {
    const refused = { ...FIRST, state: 'refused', reason: 'handle-taken' } as const
    const away = () => Promise.reject(new SluiceError('NOT_FOUND', 'Nothing is known of it.'))

    /** A chain that would do it, until it is told to say something else. */
    function placeThatWould() {
      const state: SocialChainState = { refusal: 'none', spent: false }
      return {
        state,
        place: { chain: createSocialChain(state), chainId: 1, contracts: contractsBy(() => zeroAddress) },
      }
    }

    /** Lets the time pass until it has an end. */
    async function settle<T>(timers: MockTimers, followed: Promise<T>): Promise<T> {
      const state = { isOver: false }
      const end = (): void => void (state.isOver = true)
      followed.then(end, end)
      for (let looks = 0; !state.isOver; looks += 1) {
        assert.ok(looks < 1000, 'it has no end')
        await new Promise((resolve) => setImmediate(resolve))
        timers.tick(5000)
      }
      return followed
    }

    it('goes on at another', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const { state, place } = placeThatWould()
      const posts: SocialPost[] = []
      const settles = () => {
        state.spent = posts.length > 0
        return posts.length > 0 ? Promise.resolve({ ...FIRST, state: 'settled' } as const) : away()
      }
      const honest = { report: settles, post: (post: SocialPost) => (posts.push(post), Promise.resolve(FIRST)) }
      const lying = { report: away, post: () => Promise.resolve(refused) }
      const seen: SocialState[] = []
      const options = { ...place, signal: new AbortController().signal, others: [honest] }
      const onReport = ({ state: now }: SocialReport): void => void seen.push(now)
      const { state: end } = await settle(mock.timers, followSocialAction(lying, refused, { ...options, onReport }))
      assert.deepEqual([end, seen, posts], ['settled', ['settled'], [FIRST.post]])
    })

    it('passes over others that do not take it, answer about something else, or are away', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const { state, place } = placeThatWould()
      const failing = (code: ErrorCode) => {
        return { report: away, post: () => Promise.reject(new SluiceError(code, code)) }
      }
      const straying = { report: away, post: () => Promise.resolve({ ...FIRST, id: WORD }) }
      const posts: SocialPost[] = []
      const post = (taken: SocialPost) => {
        posts.push(taken)
        state.spent = true
        return Promise.resolve({ ...FIRST, state: 'settled' } as const)
      }
      const others = [failing('NOT_ENTITLED'), straying, failing('NODE_UNREACHABLE'), { report: away, post }]
      const options = { ...place, signal: new AbortController().signal, others }
      const followed = followSocialAction(failing('PROTOCOL_VIOLATION'), FIRST, options)
      assert.equal((await settle(mock.timers, followed)).state, 'settled')
      assert.deepEqual(posts, [FIRST.post])
    })

    it('fails as the last of them', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const lying = { report: away, post: () => Promise.resolve(refused) }
      const last = { report: away, post: () => Promise.reject(new SluiceError('NOT_ENTITLED', 'Not for you.')) }
      const options = { ...placeThatWould().place, signal: new AbortController().signal, others: [last] }
      const followed = settle(mock.timers, followSocialAction(lying, refused, options))
      await assert.rejects(followed, { code: 'NOT_ENTITLED' })
    })

    it('asks nobody else once it is not wanted any more', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const caller = new AbortController()
      const post = () => {
        caller.abort()
        return Promise.reject(new SluiceError('ABORTED', 'The request was given up.'))
      }
      const other = { report: () => assert.fail('asked'), post: () => assert.fail('posted') }
      const options = { ...placeThatWould().place, signal: caller.signal, others: [other] }
      const followed = settle(mock.timers, followSocialAction({ report: away, post }, FIRST, options))
      await assert.rejects(followed, { code: 'ABORTED' })
    })

    it('says so where there is no other', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const lying = { report: away, post: () => Promise.resolve(refused) }
      const options = { ...placeThatWould().place, signal: new AbortController().signal }
      const followed = settle(mock.timers, followSocialAction(lying, refused, options))
      await assert.rejects(followed, { code: 'PROTOCOL_VIOLATION' })
    })

    it('believes it when the chain, which was behind, comes to say the same', async ({ mock }) => {
      mock.timers.enable({ apis: ['setTimeout'] })
      const { state, place } = placeThatWould()
      let looks = 0
      const post = () => {
        looks += 1
        if (looks === 3) state.refusal = 'handle-taken'
        return Promise.resolve(refused)
      }
      const options = { ...place, signal: new AbortController().signal }
      const followed = settle(mock.timers, followSocialAction({ report: away, post }, refused, options))
      await assert.rejects(followed, { code: 'CHAIN_REVERT', details: { reason: 'handle-taken' } })
      assert.equal(looks, 3)
    })
  })

  it('refuses an answer about another action, and takes no other post for its own', async () => {
    const options = { ...placeWhere([]), signal: new AbortController().signal }
    const post = { ...FIRST.post, action: { ...ACTION, kind: 5 } }
    const at = (answer: SocialReport) => ({
      post: () => assert.fail('posted again'),
      report: () => Promise.resolve(answer),
    })
    const other = followSocialAction(at({ ...FIRST, id: WORD }), FIRST, options)
    await assert.rejects(other, (error) => isSluiceError(error, 'PROTOCOL_VIOLATION'))
    assert.equal((await followSocialAction(at({ ...FIRST, post, state: 'settled' }), FIRST, options)).post, FIRST.post)
  })
})
