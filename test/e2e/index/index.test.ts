import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, it } from 'node:test'
import { bytesToHex } from 'viem'
import { writeContract } from 'viem/actions'
import * as chain from '../../../sdk/src/chain/index.ts'
import { descriptorOf } from '../../../sdk/src/channel/index.ts'
import { generateKeeperKey, keeperPublicKey, proveKeeperRegistration } from '../../../sdk/src/key/index.ts'
import { createSocialNonces, signSocialAction } from '../../../sdk/src/social/index.ts'
import { peerIdToBytes } from '../../../sdk/src/wire/index.ts'
import {
  buy,
  claimAll,
  fund,
  NATIVE,
  open,
  PRICE,
  promise,
  publish,
  publishVersion,
  randomHex,
  sell,
  topUp,
} from './actions.ts'
import { compareBooks, editionKey } from './books.ts'
import { startIndexer } from './indexer.ts'
import { playAtRandom } from './random-story.ts'
import { now, pass, startWorld } from './world.ts'
import type { World } from './world.ts'

const DAY = 86_400
const RANDOM_DEEDS = 200

let world: World
let indexer: Awaited<ReturnType<typeof startIndexer>>
const lower = (address: string) => address.toLowerCase()

const closers: (() => Promise<void>)[] = []

before(async () => {
  world = await startWorld()
  closers.push(world.stop)
  indexer = await startIndexer(world)
  closers.unshift(indexer.close)
})

after(async () => {
  for (const close of closers) await close()
})

describe('the index of a fresh chain', () => {
  it('looks where a fresh chain has the contracts', async () => {
    const file = new URL('../../../subgraph/networks.json', import.meta.url)
    const { hardhat } = JSON.parse(await readFile(file, 'utf8')) as { hardhat: Record<string, { address: string }> }
    const found = chain.contractsBy((name) => hardhat[chain.CONTRACT_NAMES[name]]?.address)
    assert.deepEqual(found, world.contracts)
  })

  it('has a content with its versions, the last title that was named, and who may be its creator next', async () => {
    const { contracts } = world
    const [creator, heir] = [world.wallet('creator'), world.wallet('consumer')]
    const { contentId } = await publish(world, creator, 'Slow light')
    await publishVersion(world, contentId, 'Zähes Licht 🌊')
    await publishVersion(world, contentId)
    const hash = await writeContract(creator.client, {
      ...{ address: contracts.registry, abi: chain.metaHashRegistryAbi, chain: null },
      ...{ functionName: 'transferCreator', args: [contentId, heir.address] },
    })
    await world.publicClient.waitForTransactionReceipt({ hash })

    const query = `{ content(id: "${contentId}") {
      kind status title versionCount publisher { id } creator { id contentCount } pendingCreator { id }
      versions(orderBy: number) { number title } topic { reactionCount commentCount content { id } } } }`
    assert.deepEqual(await indexer.ask(query), {
      content: {
        kind: 'MEDIA',
        status: 'ACTIVE',
        title: 'Zähes Licht 🌊',
        versionCount: 3,
        publisher: { id: lower(creator.address) },
        creator: { id: lower(creator.address), contentCount: 1 },
        pendingCreator: { id: lower(heir.address) },
        versions: [
          { number: 1, title: 'Slow light' },
          { number: 2, title: 'Zähes Licht 🌊' },
          { number: 3, title: null },
        ],
        topic: { reactionCount: 0, commentCount: 0, content: { id: contentId } },
      },
    })
  })

  it('finds contents by words of their titles and accounts by their handles', async () => {
    const creator = world.wallet('creator')
    await chain.setHandle(creator.client, { contracts: world.contracts, handle: 'ana' })
    const data = await indexer.ask<object>(
      `{ contentSearch(text: "licht") { title } accountSearch(text: "ana") { id handle } }`,
    )
    assert.deepEqual(data, {
      contentSearch: [{ title: 'Zähes Licht 🌊' }],
      accountSearch: [{ id: lower(creator.address), handle: 'ana' }],
    })
  })

  it('shares a purchase between referrer, payees and creator as the contract credits it', async () => {
    const [creator, buyer, friend] = [world.wallet('creator'), world.wallet('consumer'), world.wallet('consumer-2')]
    const [a, b] = [world.wallet('seeder-1').address, world.wallet('seeder-2').address]
    const payouts = [
      { to: a, bps: 3_333 },
      { to: b, bps: 3_334 },
      { to: a, bps: 3_333 },
    ]
    const edition = await sell(world, world.traces.contents[0]!, { payouts })
    const bought = await buy(world, buyer, edition, { quantity: 3n, referrer: friend.address })
    assert.equal(bought.cost, 3n * PRICE)
    const query = `{ purchases(where: { edition: "${editionKey(edition.editionId)}" }) {
      buyer { id } referrer { id } quantity paid token { id } edition { sold payees payeeBps creator { id } } } }`
    assert.deepEqual(await indexer.ask(query), {
      purchases: [
        {
          buyer: { id: lower(buyer.address) },
          referrer: { id: lower(friend.address) },
          quantity: '3',
          paid: `${3n * PRICE}`,
          token: { id: NATIVE },
          edition: {
            sold: '3',
            payees: [a, b, a].map(lower),
            payeeBps: [3_333, 3_334, 3_333],
            creator: { id: lower(creator.address) },
          },
        },
      ],
    })
    await compareBooks(world, indexer.ask)
  })

  it('says until when a timed key opens, and counts no holder for it', async () => {
    const buyer = world.wallet('consumer')
    const edition = await sell(world, world.traces.contents[0]!, { duration: 3_600, transferable: false })
    await buy(world, buyer, edition, { quantity: 2n })
    const key = await chain.readKey(world.publicClient, { ...world, ...edition, holder: buyer.address })
    const query = `{ keyHoldings(where: { edition: "${editionKey(edition.editionId)}" }) { balance expiresAt edition { holderCount } } }`
    assert.deepEqual(await indexer.ask(query), {
      keyHoldings: [{ balance: '0', expiresAt: `${key.expiresAt}`, edition: { holderCount: 0 } }],
    })
  })

  it('follows channels through batches of claims, top-ups and closes to the wei', async () => {
    const [payer, other, payee] = [world.wallet('consumer'), world.wallet('consumer-2'), world.wallet('seeder-1')]
    for (const wallet of [payer, other, world.wallet('creator')]) await fund(world, wallet)
    const channels = [await open(world, payer, payee), await open(world, other, payee), await open(world, payer, payee)]
    await topUp(world, channels[0]!, 150_000n)
    await claimAll(world, payee, channels, 1_234n)
    await claimAll(world, payee, channels.slice(1), 99_000n)
    const claim = await promise(world, channels[0]!, 1n)
    await chain.claimAndClose(payee.client, { contracts: world.contracts, claim })
    await chain.requestClose(payer.client, {
      contracts: world.contracts,
      descriptor: descriptorOf(channels[2]!.intent),
    })
    await compareBooks(world, indexer.ask)

    const query = `{ channel(id: "${channels[0]!.channelId}") { state claims(orderBy: total) { paid total batched } node { id } }
      earningsTotal(id: "${lower(payee.address)}${NATIVE.slice(2)}") { claimed claimCount days { claimed } } }`
    const data = await indexer.ask<{ channel: object; earningsTotal: { claimed: string; claimCount: number } }>(query)
    assert.deepEqual(data.channel, {
      state: 'CLOSED',
      claims: [
        { paid: '1234', total: '1234', batched: true },
        { paid: '1', total: '1235', batched: false },
      ],
      node: null,
    })
    assert.equal(data.earningsTotal.claimCount, 6)
  })

  it('says of a session what was granted in which token, and that it was revoked', async () => {
    const wallet = world.wallet('seeder-2')
    await fund(world, wallet, 5n)
    await chain.revoke(wallet.client, { contracts: world.contracts, session: wallet.session.publicKey })
    const query = `{ account(id: "${lower(wallet.address)}") { sessions { qx expiry allowances { limit token { id } } } } }`
    assert.deepEqual(await indexer.ask(query), {
      account: {
        sessions: [
          { qx: wallet.session.publicKey.qx, expiry: '0', allowances: [{ limit: '5', token: { id: NATIVE } }] },
        ],
      },
    })
  })

  it('lists nodes by role, with stake and keeper key, and keeps what one that left had said', async () => {
    const { contracts } = world
    const [keeper, seeder] = [world.wallet('seeder-1').client, world.wallet('seeder-2').client]
    const peerId = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp'
    await chain.registerNode(keeper, { contracts, peerId, roles: ['seeder', 'keeper'], endpoint: 'https://k.example' })
    await chain.registerNode(seeder, { contracts, peerId, roles: ['seeder', 'relay'], endpoint: 'nul\0 and \ud800' })
    await chain.addStake(keeper, { contracts, amount: 1_000n })
    await chain.requestUnstake(keeper, { contracts, amount: 400n })
    const secret = generateKeeperKey()
    const publicKey = keeperPublicKey(secret)
    const place = { chainId: world.chainId, registry: contracts.nodes, peerId: bytesToHex(peerIdToBytes(peerId)) }
    const proof = proveKeeperRegistration(secret, { ...place, owner: keeper.account.address })
    await chain.setKeeperKey(keeper, { contracts, publicKey, proof })
    const query = `{
      keepers: nodes(where: { isKeeper: true }) { endpoint roles stake leaving keeperKeyCount keeperKey { key index } earnings { claimCount } }
      relays: nodes(where: { isRelay: true }) { id roles endpoint } }`
    assert.deepEqual(await indexer.ask(query), {
      keepers: [
        {
          endpoint: 'https://k.example',
          roles: 3,
          stake: '1000',
          leaving: '400',
          keeperKeyCount: 1,
          keeperKey: { key: publicKey, index: 0 },
          earnings: [{ claimCount: 6 }],
        },
      ],
      relays: [{ id: lower(seeder.account.address), roles: 9, endpoint: 'nul and \ufffd' }],
    })
    await chain.deregisterNode(keeper, { contracts })
    const left = await indexer.ask(`{ nodes(where: { roles: 0 }) { id isKeeper endpoint } }`)
    assert.deepEqual(left, {
      nodes: [{ id: lower(keeper.account.address), isKeeper: false, endpoint: 'https://k.example' }],
    })
  })

  it('has what was said of an id before anything of it is published', async () => {
    const { contracts } = world
    const wallet = world.wallet('consumer')
    const [contentId, digest, answer] = [randomHex(), randomHex(), randomHex()]
    await chain.react(wallet.client, { contracts, contentId, reaction: 1 })
    await chain.react(wallet.client, { contracts, contentId, reaction: 255 })
    await chain.comment(wallet.client, { contracts, contentId, digest })
    await chain.comment(wallet.client, { contracts, contentId, digest: answer, parent: digest })
    const query = `{ topic(id: "${contentId}") { content { id } reactionCount commentCount
      reactionKinds(orderBy: kind) { kind count } comments(where: { parent: "${digest}" }) { digest account { id } } } }`
    assert.deepEqual(await indexer.ask(query), {
      topic: {
        content: null,
        reactionCount: 1,
        commentCount: 2,
        reactionKinds: [
          { kind: 1, count: 0 },
          { kind: 255, count: 1 },
        ],
        comments: [{ digest: answer, account: { id: lower(wallet.address) } }],
      },
    })
  })

  it('keeps the actions of a batch that were refused, apart from those that were done', async () => {
    const { contracts, chainId } = world
    const wallet = world.wallet('consumer')
    const nonce = createSocialNonces()()
    const issuedAt = await now(world)
    const times = { nonce, issuedAt, deadline: issuedAt + 600n }
    const deed = { kind: 'follow', target: world.wallet('creator').address } as const
    const domain = { chainId, social: contracts.social }
    const action = await signSocialAction(wallet.session, { domain, wallet: wallet.address, deed, ...times })
    await chain.submitSocialActions(world.wallet('seeder-1').client, { contracts, actions: [action, action] })
    const query = `{ follows(where: { follower: "${lower(wallet.address)}" }) { target { handle } } refusedActions { reason nonce wallet } }`
    assert.deepEqual(await indexer.ask(query), {
      follows: [{ target: { handle: 'ana' } }],
      refusedActions: [{ reason: 3, nonce: `${nonce}`, wallet: lower(wallet.address) }],
    })
  })

  it('orders by what is trending: later views before earlier ones, a purchase before both', async () => {
    const creator = world.wallet('creator')
    const viewer = world.wallet('consumer')
    const { contracts } = world
    const [early, late, bought] = [
      await publish(world, creator),
      await publish(world, creator),
      await publish(world, creator),
    ]
    const view = async (content: typeof early) => {
      const edition = await sell(world, content, { price: 0n })
      await buy(world, viewer, edition)
      await chain.viewContent(viewer.client, { contracts, contentId: content.contentId, editionId: edition.editionId })
    }
    await view(early)
    await pass(world, DAY)
    await view(late)
    await buy(world, viewer, await sell(world, bought))
    const ids = [early, late, bought].map(({ contentId }) => contentId)
    const query = `{ contents(where: { id_in: ${JSON.stringify(ids)} }, orderBy: trendingScore, orderDirection: desc) { id viewCount } }`
    assert.deepEqual(await indexer.ask(query), {
      contents: [
        { id: bought.contentId, viewCount: 0 },
        { id: late.contentId, viewCount: 1 },
        { id: early.contentId, viewCount: 1 },
      ],
    })
  })

  it('agrees with the contracts on every state and every sum after many random deeds', async () => {
    const seed = 20_260_727
    await chain.approveMarket(world.wallet('consumer').client, { contracts: world.contracts })
    const done = await playAtRandom(world, seed, RANDOM_DEEDS)
    assert.ok(done > RANDOM_DEEDS / 4, `${done} of ${RANDOM_DEEDS} deeds were done`)
    await compareBooks(world, indexer.ask)
  })
})
