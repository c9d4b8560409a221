import { bytesToHex, keccak256 } from 'viem'
import type { Hex } from 'viem'
import * as chain from '../../../sdk/src/chain/index.ts'
import type { EditionTerms } from '../../../sdk/src/chain/index.ts'
import { descriptorOf } from '../../../sdk/src/channel/index.ts'
import { hashOpenIntent, hashTopUp, hashVoucher, signDigest } from '../../../sdk/src/session/index.ts'
import { now } from './world.ts'
import type { Traces, Wallet, World } from './world.ts'

export const NATIVE = chain.NATIVE_TOKEN
export const PRICE = 10_007n
const SLICES = 100
const CHALLENGE_SECONDS = 60

export const randomHex = (): Hex => bytesToHex(crypto.getRandomValues(new Uint8Array(32)))

export const TERMS: EditionTerms = {
  price: PRICE,
  token: NATIVE,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: chain.TO_THE_END,
  laterVersions: true,
  duration: 0,
  royaltyBps: 750,
  referralBps: 1111,
  transferable: true,
  payouts: [],
}

type Channel = Traces['channels'][number]
type Edition = Traces['editions'][number]

export async function publish({ contracts, traces }: World, creator: Wallet, title?: string) {
  const bytes = { metaHash: randomHex(), proofRoot: randomHex(), sliceCount: SLICES }
  const salt = randomHex()
  const { contentId } = await chain.publishContent(creator.client, { contracts, salt, ...bytes, kind: 'media', title })
  const content = { contentId, creator, versions: 1 }
  traces.contents.push(content)
  return { ...content, salt, ...bytes }
}

export async function publishVersion({ contracts, traces }: World, contentId: Hex, title?: string) {
  const content = traces.contents.find((known) => known.contentId === contentId)!
  const bytes = { metaHash: randomHex(), proofRoot: randomHex(), sliceCount: SLICES + 1 }
  await chain.publishVersion(content.creator.client, { contracts, contentId, ...bytes, title })
  content.versions += 1
  return bytes
}

export async function sell(
  { contracts, traces }: World,
  { contentId, creator }: { contentId: Hex; creator: Wallet },
  change: Partial<EditionTerms> = {},
): Promise<Edition> {
  const terms = { ...TERMS, ...change }
  const options = { contracts, contentId, editionSalt: randomHex(), terms, version: 1, lockboxHash: randomHex() }
  const { editionId } = await chain.createEdition(creator.client, options)
  const edition = { editionId, contentId, creator, price: terms.price, epoch: 1 }
  traces.editions.push(edition)
  return edition
}

export async function buy(
  { contracts }: World,
  buyer: Wallet,
  { editionId, price, epoch }: Edition,
  change: Partial<chain.buyKey.Options> = {},
) {
  return chain.buyKey(buyer.client, { contracts, editionId, maxPrice: price, epoch, ...change })
}

/** Escrow, and a session that may draw all of it for a month. */
export async function fund(world: World, payer: Wallet, amount = 10n ** 15n) {
  const expiry = (await now(world)) + 30n * 86_400n
  const grant = { token: NATIVE, amount, session: payer.session.publicKey, limit: amount, expiry }
  await chain.depositAndAuthorize(payer.client, { contracts: world.contracts, ...grant })
}

export async function open(world: World, payer: Wallet, payee: Wallet, amount = 100_000n): Promise<Channel> {
  const intent = {
    payer: payer.address,
    payee: payee.address,
    token: NATIVE,
    amount,
    challenge: CHALLENGE_SECONDS,
    session: payer.session.publicKey,
    salt: randomHex(),
    deadline: (await now(world)) + 600n,
  }
  const signature = await signDigest(payer.session, hashOpenIntent(world.domain, intent))
  const { channelId } = await chain.openChannel(payee.client, { contracts: world.contracts, intent, signature })
  const channel = { channelId, intent, payer, payee, promised: 0n }
  world.traces.channels.push(channel)
  return channel
}

export async function topUp(world: World, { channelId, intent, payer, payee }: Channel, newDeposit: bigint) {
  const order = { channelId, newDeposit, deadline: (await now(world)) + 600n }
  const signature = await signDigest(payer.session, hashTopUp(world.domain, order))
  const descriptor = descriptorOf(intent)
  await chain.topUpChannel(payee.client, { contracts: world.contracts, descriptor, order, signature })
}

/** A voucher over `added` more than before, one tick of it revealed. */
export async function promise(world: World, channel: Channel, added: bigint) {
  channel.promised += added
  const tick = randomHex()
  const cumulative = channel.promised - 1n
  const voucher = { channelId: channel.channelId, cumulative, tickRoot: keccak256(tick), tickValue: 1n, maxTicks: 4 }
  const signature = await signDigest(channel.payer.session, hashVoucher(world.domain, voucher))
  return { descriptor: descriptorOf(channel.intent), voucher, signature, tick, ticks: 1 }
}

/** Claims over channels of one payee, as a node does. */
export async function claimAll(world: World, payee: Wallet, channels: readonly Channel[], added = 777n) {
  const claims = await Promise.all(channels.map((channel) => promise(world, channel, added)))
  return chain.claimChannels(payee.client, { contracts: world.contracts, claims })
}
