import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { isSluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import {
  authorize,
  depositAndAuthorize,
  follow,
  isFollowing,
  NATIVE_TOKEN,
  publishContent,
  readHandle,
  socialGraphAbi,
} from '@sluice/sdk/chain'
import { createSocialNode, submitSocialAction } from '@sluice/sdk/client'
import type { SocialWish } from '@sluice/sdk/client'
import { cidOfBlockHash } from '@sluice/sdk/content'
import { generateSession } from '@sluice/sdk/session'
import type { Session } from '@sluice/sdk/session'
import { createSocialNonces, decodeComment, signSocialAction } from '@sluice/sdk/social'
import type { SocialDeed, SocialReport, SocialState } from '@sluice/sdk/social'
import { bytesToHex, keccak256, numberToHex, parseEther } from 'viem'
import type { Hex } from 'viem'
import { askPeer } from '../net/request.ts'
import { startTestChain, testAccount, testClients } from '../testing/chain.ts'
import type { TestChain } from '../testing/chain.ts'
import { startTestNode } from '../testing/node.ts'
import type { TestNode } from '../testing/node.ts'
import { createCleanup } from '../testing/peers.ts'
import { encodeMessage } from './message-codec.ts'

const MIN_BATCH = 3
const [SUBMITTER, SPEAKER, CREATOR, POOR] = [1, 2, 3, 4]
const TARGETS = [5, 6, 7, 8, 9].map((index) => testAccount(index).address)
/** The tests ask on every turn. */
const MANY = 1_000_000
const LIMITS = { limits: { requests_per_minute: MANY }, social: { posts_per_minute: MANY } }
const expiry = BigInt(Math.floor(Date.now() / 1000) + 86_400)
const drawNonce = createSocialNonces()
const signal = AbortSignal.timeout(120_000)
const refusal = (code: ErrorCode) => (error: unknown) => isSluiceError(error, code)

/** Asks again on every turn until it is so, or half a minute has passed. */
async function eventually(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it never happened')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function operatorKey(index: number): Hex {
  return bytesToHex(testAccount(index).getHdKey().privateKey ?? assert.fail())
}

describe('social actions between nodes', { timeout: 120_000 }, () => {
  const cleanup = createCleanup()
  let chain: TestChain
  let posted: TestNode
  let between: TestNode
  let submitter: TestNode
  let session: Session

  before(async () => {
    chain = await startTestChain(cleanup)
    const at = (nodes: TestNode[]) => nodes.map(({ daemon }) => daemon.multiaddrs[0] ?? assert.fail())
    const p2p = (nodes: TestNode[]) => ({
      ...LIMITS,
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], private_network: true, bootstrap: at(nodes) },
    })
    submitter = await startTestNode(cleanup, chain, {
      ...LIMITS,
      social: {
        posts_per_minute: MANY,
        submit: true,
        min_batch: MIN_BATCH,
        max_wait_seconds: 3600,
        daily_budget: String(parseEther('1')),
      },
      keystore: { passphrase: 'correct horse', operator_key: operatorKey(SUBMITTER) },
    })
    between = await startTestNode(cleanup, chain, p2p([submitter]))
    posted = await startTestNode(cleanup, chain, p2p([between]))
    session = await generateSession()
    await depositAndAuthorize(testClients(chain, SPEAKER).walletClient, {
      contracts: chain.contracts,
      token: NATIVE_TOKEN,
      amount: parseEther('0.01'),
      session: session.publicKey,
      limit: 0n,
      expiry,
    })
    await eventually(() => [posted, between, submitter].every(({ daemon }) => daemon.host.getPeers().length > 0))
  })
  after(() => cleanup.run())

  const nodeOf = ({ daemon }: TestNode) => createSocialNode({ origin: daemon.publicUrl })
  const place = () => ({
    chain: testClients(chain, 0).publicClient,
    chainId: chain.chainId,
    contracts: chain.contracts,
  })
  const submissions = () =>
    testClients(chain, 0).publicClient.getTransactionCount({ address: testAccount(SUBMITTER).address })

  /** Says it at the first node; tells of its states as they come. */
  function say(
    wish: SocialWish,
    states: SocialState[] = [],
    speaker = { session, wallet: testAccount(SPEAKER).address },
  ) {
    const onReport = ({ state }: SocialReport): void => void states.push(state)
    return submitSocialAction(nodeOf(posted), {
      ...{ ...place(), ...speaker, wish, nonce: drawNonce(), onReport, signal },
    })
  }

  async function sign(deed: SocialDeed, speaker = { session, wallet: testAccount(SPEAKER).address }) {
    const { timestamp: issuedAt } = await testClients(chain, 0).publicClient.getBlock()
    const domain = { chainId: chain.chainId, social: chain.contracts.social }
    const times = { issuedAt, deadline: issuedAt + 600n }
    return signSocialAction(speaker.session, { domain, wallet: speaker.wallet, deed, nonce: drawNonce(), ...times })
  }

  const waitingAt = async (node: TestNode) =>
    (await nodeOf(node).list({ wallet: testAccount(SPEAKER).address }, signal)).filter(
      ({ state }) => state === 'pending',
    )

  it('go from node to node until somebody submits them, in one batch, once', async () => {
    const states: SocialState[][] = [[], [], []]
    const before = await submissions()
    const [first = assert.fail(), second = assert.fail(), third = assert.fail()] = TARGETS
    const following = [
      say({ kind: 'follow', target: first }, states[0]),
      say({ kind: 'follow', target: second }, states[1]),
    ]
    await eventually(async () => (await waitingAt(submitter)).length === 2)
    assert.equal((await waitingAt(between)).length, 2)
    assert.equal(await submissions(), before)
    following.push(say({ kind: 'follow', target: third }, states[2]))
    for (const { state } of await Promise.all(following)) assert.equal(state, 'settled')
    assert.equal(await submissions(), before + 1)
    for (const seen of states) assert.deepEqual([seen[0], seen.at(-1)], ['pending', 'settled'])
    const { publicClient } = testClients(chain, 0)
    const logs = { address: chain.contracts.social, abi: socialGraphAbi, fromBlock: 0n } as const
    const followed = await publicClient.getContractEvents({ ...logs, eventName: 'Followed' })
    assert.equal(followed.length, 3)
    assert.deepEqual(await publicClient.getContractEvents({ ...logs, eventName: 'ActionRefused' }), [])
  })

  it('land in the order in which they were said, also when the second undoes the first', async () => {
    const [, , , target = assert.fail()] = TARGETS
    const [wallet, node] = [testAccount(SPEAKER).address, nodeOf(posted)]
    const wishes: SocialDeed[] = [
      { kind: 'follow', target },
      { kind: 'unfollow', target },
      { kind: 'handle', handle: 'ada' },
    ]
    const reports: SocialReport[] = []
    for (const deed of wishes) reports.push(await node.post(await sign(deed), signal))
    assert.deepEqual(
      reports.map(({ state }) => state),
      ['pending', 'pending', 'pending'],
    )
    for (const { id } of reports) await eventually(async () => (await node.report(id, signal)).state === 'settled')
    const { chain: client, contracts } = place()
    assert.equal(await isFollowing(client, { contracts, wallet, target }), false)
    assert.equal(await readHandle(client, { contracts, wallet }), 'ada')
  })

  it('bring a comment’s text along, and it stays with the poster’s node and the submitter', async () => {
    const speaker = { session: await generateSession(), wallet: testAccount(CREATOR).address }
    const { walletClient } = testClients(chain, CREATOR)
    const { contracts } = chain
    await authorize(walletClient, { contracts, session: speaker.session.publicKey, expiry })
    const { contentId } = await publishContent(walletClient, {
      ...{ contracts, salt: keccak256('0x01'), metaHash: keccak256('0x02'), proofRoot: keccak256('0x03') },
      ...{ sliceCount: 1, kind: 'file' },
    })
    const texts = ['Made by me.', 'And by nobody else.', 'Enjoy.']
    const reports = await Promise.all(texts.map((text) => say({ kind: 'comment', contentId, text }, [], speaker)))
    for (const [index, { post }] of reports.entries()) {
      assert.equal(decodeComment(post.comment ?? assert.fail()), texts[index])
    }
    for (const { post } of reports) {
      const cid = cidOfBlockHash(post.action.value).toString()
      for (const { daemon } of [posted, submitter]) {
        await eventually(async () => (await daemon.store.blocks.get(cid)) !== undefined)
      }
    }
    const listed = await nodeOf(between).list({ topic: contentId }, signal)
    assert.equal(listed.length, 3)
  })

  it('are told to a node that was not there when they were said', async () => {
    const [, , , , target = assert.fail()] = TARGETS
    const { id } = await nodeOf(posted).post(await sign({ kind: 'follow', target }), signal)
    const bootstrap = [posted.daemon.multiaddrs[0] ?? assert.fail()]
    const late = await startTestNode(cleanup, chain, {
      ...LIMITS,
      p2p: { listen: ['/ip4/127.0.0.1/tcp/0'], private_network: true, bootstrap },
    })
    await eventually(() =>
      nodeOf(late)
        .report(id, signal)
        .then(Boolean, () => false),
    )
    // Said by the wallet itself in the meantime, it changes nothing any more.
    await follow(testClients(chain, SPEAKER).walletClient, { contracts: chain.contracts, target })
    const wishes = [10, 11].map((index) => sign({ kind: 'follow', target: testAccount(index).address }))
    for (const wish of wishes) await nodeOf(posted).post(await wish, signal)
    await eventually(async () => (await nodeOf(submitter).report(id, signal)).reason !== undefined)
  })

  it('are refused without standing, with another signature, or where the chain would refuse them', async () => {
    const node = nodeOf(posted)
    const poor = { session: await generateSession(), wallet: testAccount(POOR).address }
    const { contracts } = chain
    await authorize(testClients(chain, POOR).walletClient, { contracts, session: poor.session.publicKey, expiry })
    const [target = assert.fail()] = TARGETS
    const deed = { kind: 'follow', target } as const
    await assert.rejects(node.post(await sign(deed, poor), signal), refusal('NOT_ENTITLED'))
    const contentId = keccak256('0x99')
    await assert.rejects(
      node.post(await sign({ kind: 'react', contentId, reaction: 1 }, poor), signal),
      refusal('NOT_ENTITLED'),
    )
    const good = await sign({ kind: 'unfollow', target })
    const forged = { ...good, signature: { ...good.signature, r: good.signature.s } }
    await assert.rejects(node.post(forged, signal), refusal('SIGNATURE_INVALID'))
    const stranger = { session: await generateSession(), wallet: testAccount(SPEAKER).address }
    assert.equal((await node.post(await sign(deed, stranger), signal)).reason, 'session-expired')
    const itself = { kind: 'follow', target: testAccount(SPEAKER).address } as const
    assert.equal((await node.post(await sign(itself), signal)).reason, 'target-invalid')
    assert.equal((await say(deed)).reason, 'unchanged')
    await assert.rejects(
      say(itself),
      (error) => isSluiceError(error, 'CHAIN_REVERT') && /not itself/.test(error.message),
    )
  })

  it('are not taken in bodies of another length, listed beyond a bound, or known by another name', async () => {
    const url = `${posted.daemon.publicUrl}/v1/social`
    const post = (length: number) => fetch(url, { method: 'POST', body: new Uint8Array(length) })
    assert.equal((await post(10)).status, 400)
    assert.equal((await post(5000)).status, 413)
    assert.equal((await fetch(`${url}?limit=101`)).status, 400)
    assert.equal((await fetch(`${url}?topic=0x12`)).status, 400)
    assert.equal((await fetch(`${url}/${numberToHex(1, { size: 32 })}`)).status, 404)
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin: 'http://any.example' } })
    assert.equal(preflight.headers.get('access-control-allow-origin'), '*')
  })

  it('go nowhere when a peer passes on what it should not', async () => {
    const good = await sign({ kind: 'follow', target: testAccount(12).address })
    const other = await sign({ kind: 'follow', target: testAccount(13).address })
    const forged = { ...other, signature: good.signature }
    const asked = { protocol: '/sluice/social/1.0.0', maxResponseBytes: 1, signal }
    const send = (message: Uint8Array) => askPeer(posted.daemon.host, between.daemon.host.peerId, message, asked)
    await send(encodeMessage([forged]))
    await assert.rejects(send(Uint8Array.of(0, 5, 1)))
    await send(encodeMessage([good]))
    await eventually(async () =>
      (await waitingAt(submitter)).some(({ post }) => post.action.nonce === good.action.nonce),
    )
    assert.ok((await waitingAt(between)).every(({ post }) => post.action.nonce !== other.action.nonce))
    // Over and over, it is not heard any more, whatever it brings.
    const again = async (): Promise<boolean> =>
      send(encodeMessage([forged])).then(
        () => false,
        () => true,
      )
    await eventually(async () => again())
  })
})
