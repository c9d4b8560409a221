import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { getAddress, pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { contractsBy } from '../chain/index.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import type { ErrorCode } from '../errors.ts'
import { generateSession } from '../session/index.ts'
import { createSocialNonces, decodeComment, hashSocialAction } from '../social/index.ts'
import type { SocialPost, SocialReport, SocialState } from '../social/index.ts'
import { createSocialChain } from './social-fixtures.ts'
import { submitSocialAction } from './submit-social-action.ts'
import type { SocialWish } from './submit-social-action.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const FOLLOW: SocialWish = { kind: 'follow', target: `0x${'b2'.repeat(20)}` }
const session = await generateSession()
const drawNonce = createSocialNonces()
/** A chain on which every nonce is spent, and every handle taken. */
const chain = createSocialChain({ spent: true, refusal: 'handle-taken' })

type Answer = Pick<SocialReport, 'state' | 'reason'> | ErrorCode

/**
 * Says a wish at a node that answers like this, the first post and then each look; tells of what was posted and seen.
 */
async function say(answers: readonly Answer[], wish = FOLLOW, signal = new AbortController().signal) {
  const posts: SocialPost[] = []
  const seen: SocialState[] = []
  const left = [...answers]
  const answer = (): Promise<SocialReport> => {
    const next = left.shift() ?? assert.fail('asked too often')
    if (typeof next === 'string') return Promise.reject(new SluiceError(next, next))
    const [post = assert.fail()] = posts
    return Promise.resolve({ id: hashSocialAction({ chainId: 1, social: WALLET }, post.action), post, ...next })
  }
  const node = {
    post: (post: SocialPost) => (posts.push(post), answer()),
    report: answer,
    list: () => Promise.resolve([]),
  }
  const place = { chain, chainId: 1, contracts: contractsBy(() => WALLET) }
  const onReport = ({ state }: SocialReport): void => void seen.push(state)
  const said = { ...place, session, wallet: WALLET, wish, nonce: drawNonce(), onReport, signal }
  return { report: await submitSocialAction(node, said), posts, seen }
}

describe('saying something without gas', () => {
  it('is told of as pending at once, and followed until it is settled', async () => {
    const { report, seen, posts } = await say([{ state: 'pending' }, { state: 'pending' }, { state: 'settled' }])
    assert.equal(report.state, 'settled')
    assert.deepEqual(seen, ['pending', 'settled'])
    const [{ action } = assert.fail()] = posts
    assert.equal(action.issuedAt, 100n)
    assert.ok(action.deadline > BigInt(Math.floor(Date.now() / 1000)))
  })

  it('posts the same again to a node that has forgotten it, and waits for one that is away', async () => {
    const answers: Answer[] = [{ state: 'pending' }, 'NODE_UNREACHABLE', 'NOT_FOUND', { state: 'pending' }]
    const { posts, report } = await say([...answers, { state: 'settled' }])
    assert.equal(report.state, 'settled')
    assert.equal(posts.length, 2)
    assert.deepEqual(posts[0], posts[1])
  })

  it('waits where a node that has forgotten it is away again before it takes it', async () => {
    const answers: Answer[] = [{ state: 'pending' }, 'NOT_FOUND', 'NODE_UNREACHABLE', 'NOT_FOUND', { state: 'pending' }]
    const { posts, report } = await say([...answers, { state: 'settled' }])
    assert.equal(report.state, 'settled')
    assert.equal(posts.length, 3)
  })

  it('is settled where the node forgot it and it landed meanwhile, or where it was so already', async () => {
    const spent = { state: 'refused', reason: 'nonce-spent' } as const
    assert.equal((await say([{ state: 'pending' }, 'NOT_FOUND', spent])).report.state, 'settled')
    assert.equal((await say([{ state: 'refused', reason: 'unchanged' }])).report.reason, 'unchanged')
  })

  it('fails with the reason that the chain gives, or that the node gives', async () => {
    const taken = say([{ state: 'pending' }, { state: 'refused', reason: 'handle-taken' }])
    await assert.rejects(taken, { code: 'CHAIN_REVERT', details: { reason: 'handle-taken' } })
    await assert.rejects(say(['NOT_ENTITLED']), (error) => isSluiceError(error, 'NOT_ENTITLED'))
  })

  it('brings a comment’s text along', async () => {
    const { posts } = await say([{ state: 'settled' }], { kind: 'comment', contentId: zeroHash, text: 'Well said.' })
    assert.equal(decodeComment(posts[0]?.comment ?? assert.fail()), 'Well said.')
  })

  it('is not taken where the node answers about another action, and keeps its own post', async () => {
    const stranger = { wallet: pad('0x0b', { size: 20 }) }
    const place = { chain, chainId: 1, contracts: contractsBy(() => WALLET), session, wallet: WALLET, wish: FOLLOW }
    const seen: SocialReport[] = []
    const onReport = (report: SocialReport): void => void seen.push(report)
    const say = (id?: Hex) => {
      const post = ({ action, ...rest }: SocialPost): Promise<SocialReport> => {
        const own = hashSocialAction({ chainId: 1, social: WALLET }, action)
        return Promise.resolve({
          id: id ?? own,
          state: 'settled',
          post: { ...rest, action: { ...action, ...stranger } },
        })
      }
      const node = { post, report: () => assert.fail('asked'), list: () => Promise.resolve([]) }
      return submitSocialAction(node, { ...place, nonce: drawNonce(), onReport, signal: new AbortController().signal })
    }
    await assert.rejects(say(zeroHash), (error) => isSluiceError(error, 'PROTOCOL_VIOLATION'))
    assert.deepEqual(seen, [])
    assert.equal((await say()).post.action.wallet, WALLET)
  })

  it('is followed no longer than wished', async () => {
    const caller = new AbortController()
    caller.abort()
    const given = say([{ state: 'pending' }], FOLLOW, caller.signal)
    await assert.rejects(given, (error) => isSluiceError(error, 'ABORTED'))
  })
})
