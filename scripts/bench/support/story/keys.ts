import { concatHex, zeroAddress } from 'viem'
import type { Address } from 'viem'
import { NATIVE_TOKEN, TO_THE_END } from '../../../../sdk/src/chain/index.ts'
import { titleSuffix } from '../../../../sdk/src/chain/title-suffix.ts'
import { pick, take } from './world.ts'
import type { Content, Edition, StoryEvent, StoryTransaction, World } from './world.ts'

const ONE = 1n
const ROYALTY_BPS = 500n
const WHOLE_BPS = 10_000n
const WEEK = 604_800
const TITLE_WORDS = [
  'winter',
  'river',
  'live',
  'studio',
  'the',
  'long',
  'way',
  'home',
  'remix',
  'part',
  'night',
  'field',
]

/** A content, its first version with a title, and an edition of it: two transactions. */
export function publish(world: World): StoryTransaction[] {
  const creator = world.wallet()
  const content: Content = { id: world.fresh(), creator, version: 1 }
  const published: StoryEvent = {
    contract: 'registry',
    name: 'ContentPublished',
    args: { contentId: content.id, creator, kind: 0, salt: world.fresh() },
  }
  world.contents.push(content)
  return [publication(world, content, [published]), createEdition(world, content)]
}

export function publishVersion(world: World): StoryTransaction[] {
  const content = pick(world.contents, world.random)
  content.version += 1
  return [publication(world, content, [])]
}

function publication(world: World, content: Content, before: readonly StoryEvent[]): StoryTransaction {
  const metaHash = world.fresh()
  const args = { contentId: content.id, version: content.version, metaHash, proofRoot: world.fresh(), sliceCount: 400 }
  const title = Array.from({ length: 4 }, () => pick(TITLE_WORDS, world.random)).join(' ')
  return {
    from: content.creator,
    to: 'registry',
    input: concatHex([world.calldata(164), titleSuffix(title, metaHash)]),
    events: [...before, { contract: 'registry', name: 'VersionPublished', args }],
  }
}

function createEdition(world: World, content: Content): StoryTransaction {
  const price = BigInt(1 + Math.floor(world.random() * 1_000)) * 10n ** 13n
  const edition: Edition = { id: BigInt(world.fresh()), content, price, holders: [] }
  world.editions.push(edition)
  const shares = world.random() < 0.2
  const payouts = shares
    ? [
        { to: content.creator, bps: 8_000 },
        { to: world.wallet(), bps: 2_000 },
      ]
    : []
  const terms = {
    price,
    token: NATIVE_TOKEN,
    maxSupply: 0n,
    firstSlice: 0,
    lastSlice: TO_THE_END,
    laterVersions: true,
    duration: 0,
    royaltyBps: Number(ROYALTY_BPS),
    referralBps: 300,
    transferable: true,
    payouts,
  }
  const args = { editionId: edition.id, contentId: content.id, creator: content.creator, version: content.version }
  return {
    from: content.creator,
    to: 'keys',
    input: world.calldata(548),
    events: [{ contract: 'keys', name: 'EditionCreated', args: { ...args, lockboxHash: world.fresh(), terms } }],
  }
}

export function buy(world: World): StoryTransaction[] {
  const [edition, buyer] = [pick(world.editions, world.random), world.wallet()]
  edition.holders.push(buyer)
  const referrer = world.random() < 0.1 ? world.wallet() : zeroAddress
  const args = { editionId: edition.id, buyer, recipient: buyer, referrer, quantity: ONE }
  return [
    {
      from: buyer,
      to: 'keys',
      input: world.calldata(196),
      events: [
        moved(buyer, zeroAddress, buyer, edition),
        { contract: 'keys', name: 'KeyBought', args: { ...args, token: NATIVE_TOKEN, paid: edition.price } },
      ],
    },
  ]
}

function moved(operator: Address, from: Address, to: Address, { id }: Edition): StoryEvent {
  return { contract: 'keys', name: 'TransferSingle', args: { operator, from, to, id, value: ONE } }
}

/** Offers a key for sale; who does so for the first time approves the market before. */
export function offer(world: World, market: Address): StoryTransaction[] {
  const edition = pick(world.editions, world.random)
  const seller = take(edition.holders, world.random)
  if (seller === undefined) return []
  world.offers.push({ edition, seller })
  const approval: StoryTransaction = {
    from: seller,
    to: 'keys',
    input: world.calldata(68),
    events: [{ contract: 'keys', name: 'ApprovalForAll', args: { account: seller, operator: market, approved: true } }],
  }
  const args = { editionId: edition.id, seller, token: NATIVE_TOKEN, unitPrice: edition.price, quantity: ONE }
  const listing: StoryTransaction = {
    from: seller,
    to: 'market',
    input: world.calldata(164),
    events: [{ contract: 'market', name: 'KeyListed', args: { ...args, expiry: BigInt(world.now + WEEK) } }],
  }
  const isFirst = !world.approved.has(seller)
  world.approved.add(seller)
  return isFirst ? [approval, listing] : [listing]
}

export function buyOffered(world: World, market: Address): StoryTransaction[] {
  const offered = take(world.offers, world.random)
  if (offered === undefined) return []
  const [{ edition, seller }, buyer] = [offered, world.wallet()]
  edition.holders.push(buyer)
  const royalty = (edition.price * ROYALTY_BPS) / WHOLE_BPS
  const { creator } = edition.content
  const price = { quantity: ONE, token: NATIVE_TOKEN, price: edition.price, creator, royalty }
  const args = { editionId: edition.id, seller, buyer, recipient: buyer, ...price }
  return [
    {
      from: buyer,
      to: 'market',
      input: world.calldata(164),
      events: [moved(market, seller, buyer, edition), { contract: 'market', name: 'KeySold', args }],
    },
  ]
}

/** A creator takes out what its keys brought in. */
export function withdraw(world: World): StoryTransaction[] {
  const { creator } = pick(world.contents, world.random)
  const args = { account: creator, token: NATIVE_TOKEN, amount: ONE }
  return [
    {
      from: creator,
      to: 'keys',
      input: world.calldata(68),
      events: [{ contract: 'keys', name: 'Withdrawn', args }],
    },
  ]
}
