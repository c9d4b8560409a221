import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { isSluiceError, SluiceError } from '@sluice/sdk'
import { contractsBy, socialGraphAbi } from '@sluice/sdk/chain'
import { generateSession } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import { decodeComment, encodeComment, hashSocialAction, signSocialAction, SOCIAL_REFUSALS } from '@sluice/sdk/social'
import type { SocialDeed, SocialPost, SocialRefusal, SocialReport } from '@sluice/sdk/social'
import { createPublicClient, custom, decodeFunctionData, encodeFunctionResult, getAddress, pad, zeroHash } from 'viem'
import type { Hex } from 'viem'
import { createKeptPosts } from './kept-posts.ts'
import type { TabStorage } from './kept-posts.ts'
import { createOutbox } from './outbox.ts'
import type { Outbox } from './outbox.ts'

const WALLET = getAddress(`0x${'a1'.repeat(20)}`)
const CONTENT = pad('0xc0')
const LIKE = { kind: 'react', contentId: CONTENT, reaction: 1 } as const
const DOMAIN = { chainId: 1, social: WALLET }
const BLOCK = { timestamp: '0x64', number: '0x1', hash: zeroHash, transactions: [], gasLimit: '0x1', gasUsed: '0x0' }
const session = await generateSession()
const closing = new AbortController()
const { signal } = closing

type Answer = Pick<SocialReport, 'state' | 'reason'>

/** What a chain is asked. */
type Asked = { readonly method: string; readonly params?: readonly { readonly data?: Hex }[] }

type Start = { listed?: SocialReport[]; taking?: Answer | Error | 'silence'; spent?: boolean; storage?: TabStorage }

/** What a tab remembers whatever becomes of its page: nothing yet. */
function emptyTab(): TabStorage {
  const items = new Map<string, string>()
  return { getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value) }
}

/** An outbox at a node that takes everything, lists `listed`, and says of each action what `become` was told last. */
function start({ listed = [], taking, spent = true, storage = emptyTab() }: Start = {}) {
  const posts: SocialPost[] = []
  let answer: Answer = { state: 'pending' }
  let failure = taking instanceof Error ? taking : undefined
  let settled = 0
  const posted = Promise.withResolvers<void>()
  const report = (post: SocialPost, { state, reason }: Answer): SocialReport => {
    return { id: hashSocialAction(DOMAIN, post.action), post, state, ...(reason && { reason }) }
  }
  const known = (): SocialPost => posts[0] ?? listed[0]?.post ?? assert.fail('nothing was posted')
  const said = (): Answer => (typeof taking === 'object' && !(taking instanceof Error) ? taking : answer)
  const outbox = createOutbox({
    node: {
      post: async (post) => {
        posts.push(post)
        posted.resolve()
        if (failure !== undefined) throw failure
        if (taking === 'silence') return new Promise<never>(() => undefined)
        return report(post, said())
      },
      report: async () => {
        if (failure !== undefined) throw failure
        return report(known(), answer)
      },
      list: async () => listed,
    },
    ...{ chainId: 1, contracts: contractsBy(() => WALLET), session, wallet: WALLET },
    chain: createPublicClient({
      transport: custom({ request: async (asked: Asked) => chainAnswer(asked, spent, said().reason) }),
    }),
    kept: createKeptPosts(storage, { chainId: 1, social: WALLET }),
    onSettled: async () => void (settled += 1),
    closed: signal,
  })
  const become = (next: Answer | Error): void => {
    failure = next instanceof Error ? next : undefined
    if (!(next instanceof Error)) answer = next
  }
  return { outbox, posts, posted: posted.promise, become, settledCount: () => settled }
}

/** Of a chain on which all nonces are spent, or none, and that refuses what it is asked for. */
function chainAnswer({ method, params }: Asked, spent: boolean, refusal: SocialRefusal = 'none'): unknown {
  if (method !== 'eth_call') return BLOCK
  const { functionName } = decodeFunctionData({ abi: socialGraphAbi, data: params?.[0]?.data ?? '0x' })
  if (functionName === 'isNonceSpent') return pad(spent ? '0x01' : '0x00')
  const result = [SOCIAL_REFUSALS.indexOf(refusal)]
  return encodeFunctionResult({ abi: socialGraphAbi, functionName: 'submit', result })
}

/** What a node may list: a deed that a session of the wallet's has signed. */
async function signed(deed: SocialDeed, state: SocialReport['state'], by: Session = session): Promise<SocialReport> {
  const deadline = BigInt(Math.floor(Date.now() / 1000) + 600)
  const post = await signSocialAction(by, { domain: DOMAIN, wallet: WALLET, deed, nonce: 1n, issuedAt: 1n, deadline })
  return { id: hashSocialAction(DOMAIN, post.action), post, state }
}

/** Resolves when what is read is so. */
function until(outbox: Outbox, isSo: (said: ReturnType<Outbox['read']>) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!isSo(outbox.read())) return
      stop()
      resolve()
    }
    const stop = outbox.subscribe(look)
    look()
  })
}

describe('createOutbox', () => {
  after(() => closing.abort())

  it('shows what was said as soon as a node has it, and as settled when the page was read again', async () => {
    const { outbox, become, settledCount } = start()
    await outbox.say(LIKE)
    assert.deepEqual(
      outbox.read().map(({ state }) => state),
      ['pending'],
    )
    assert.equal(settledCount(), 0)
    become({ state: 'settled' })
    await until(outbox, ([first]) => first?.state === 'settled')
    assert.equal(settledCount(), 1)
  })

  it('shows a comment’s text at once, as it came with the action', async () => {
    const { outbox } = start()
    await outbox.say({ kind: 'comment', contentId: CONTENT, text: 'Well said.' })
    assert.equal(decodeComment(outbox.read()[0]?.post.comment ?? assert.fail()), 'Well said.')
  })

  it('shows nothing of what no node takes, and says why', async () => {
    const { outbox } = start({ taking: new SluiceError('NOT_ENTITLED', 'No.') })
    await assert.rejects(outbox.say(LIKE), (error) => isSluiceError(error, 'NOT_ENTITLED'))
    const refusing = start({ taking: { state: 'refused', reason: 'handle-taken' } })
    await assert.rejects(refusing.outbox.say({ kind: 'handle', handle: 'ada' }), { code: 'CHAIN_REVERT' })
    assert.deepEqual([...outbox.read(), ...refusing.outbox.read()], [])
  })

  it('is done with what was so already', async () => {
    const { outbox, settledCount } = start({ taking: { state: 'refused', reason: 'unchanged' } })
    await outbox.say(LIKE)
    assert.equal(outbox.read()[0]?.state, 'settled')
    assert.equal(settledCount(), 1)
  })

  it('keeps showing what was taken and then refused, with the reason, until it is dropped', async () => {
    const { outbox, become } = start()
    await outbox.say({ kind: 'comment', contentId: CONTENT, text: 'Too late.' })
    become({ state: 'refused', reason: 'expired' })
    await until(outbox, ([first]) => first?.error !== undefined)
    const [said = assert.fail()] = outbox.read()
    assert.ok(isSluiceError(said.error, 'CHAIN_REVERT'))
    assert.equal(decodeComment(said.post.comment ?? assert.fail()), 'Too late.')
    outbox.forget(said.id)
    assert.deepEqual(outbox.read(), [])
  })

  it('takes up after a reload what was on its way, and follows it to its end', async () => {
    const { outbox, posts, become, settledCount } = start({ listed: [await signed(LIKE, 'pending')] })
    await outbox.resume(signal)
    assert.equal(outbox.read()[0]?.state, 'pending')
    become({ state: 'settled' })
    await until(outbox, ([first]) => first?.state === 'settled')
    assert.equal(settledCount(), 1)
    assert.deepEqual(posts, [])
  })

  it('posts the same again where a comment may have been taken, so that it lands once', async () => {
    const { outbox, posts, become } = start({ taking: new SluiceError('NODE_UNREACHABLE', 'Too late.') })
    const wish = { kind: 'comment', contentId: CONTENT, text: 'Once.' } as const
    await assert.rejects(outbox.say(wish), (error) => isSluiceError(error, 'NODE_UNREACHABLE'))
    become({ state: 'pending' })
    await outbox.say(wish)
    assert.deepEqual(posts[1], posts[0])
    await outbox.say(wish)
    assert.notEqual(posts[2]?.action.nonce, posts[0]?.action.nonce)
  })

  it('posts the same again after a reload, where no answer came before it', async () => {
    const storage = emptyTab()
    const wish = { kind: 'comment', contentId: CONTENT, text: 'Once.' } as const
    const left = start({ taking: 'silence', storage })
    void left.outbox.say(wish)
    await left.posted
    const { outbox, posts } = start({ storage })
    await outbox.say(wish)
    assert.deepEqual(posts, left.posts)
    await outbox.say(wish)
    assert.notEqual(posts[1]?.action.nonce, posts[0]?.action.nonce)
  })

  it('posts the same again where what was taken up after a reload came to no end', async () => {
    const { bytes, digest } = await encodeComment('Once.')
    const { post, ...rest } = await signed({ kind: 'comment', contentId: CONTENT, digest }, 'pending')
    const comment = { ...post, comment: bytes }
    const { outbox, posts, become } = start({ listed: [{ ...rest, post: comment }] })
    await outbox.resume(signal)
    become(new SluiceError('PROTOCOL_VIOLATION', 'Nonsense.'))
    await until(outbox, ([first]) => first?.error !== undefined)
    become({ state: 'pending' })
    await outbox.say({ kind: 'comment', contentId: CONTENT, text: 'Once.' })
    assert.deepEqual(posts, [comment])
  })

  it('signs anew what was refused', async () => {
    const { outbox, posts, become } = start({ taking: new SluiceError('RATE_LIMITED', 'Later.') })
    const wish = { kind: 'comment', contentId: CONTENT, text: 'Twice.' } as const
    await assert.rejects(outbox.say(wish), (error) => isSluiceError(error, 'RATE_LIMITED'))
    become({ state: 'pending' })
    await outbox.say(wish)
    assert.notEqual(posts[1]?.action.nonce, posts[0]?.action.nonce)
  })

  it('says of nothing that it is settled before the chain has it', async () => {
    const { outbox } = start({ listed: [await signed(LIKE, 'settled')], spent: false })
    await outbox.resume(signal)
    assert.equal(outbox.read()[0]?.state, 'submitted')
    const known = start({ listed: [await signed(LIKE, 'settled')] })
    await known.outbox.resume(signal)
    assert.equal(known.outbox.read()[0]?.state, 'settled')
  })

  it('believes no node that puts words in the wallet’s mouth', async () => {
    const own = await signed(LIKE, 'pending')
    const other = await signed(LIKE, 'pending', await generateSession())
    const { r } = own.post.signature
    const forged = { ...own, post: { ...own.post, signature: { r, s: r } } }
    const renamed = { ...own, id: zeroHash }
    const { outbox } = start({ listed: [other, forged, renamed] })
    await outbox.resume(signal)
    assert.deepEqual(outbox.read(), [])
  })

  it('gives the same array until something changes', async () => {
    const { outbox } = start()
    const before = outbox.read()
    assert.equal(outbox.read(), before)
    await outbox.say(LIKE)
    assert.notEqual(outbox.read(), before)
  })
})
