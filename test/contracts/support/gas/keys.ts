import type { Address } from 'viem'
import {
  approveToken,
  buyKey,
  createEdition,
  NATIVE_TOKEN,
  publishContent,
  publishVersion,
  setLockbox,
  TO_THE_END,
  transferKey,
  updateEdition,
  withdrawKeyCredits,
} from '../../../../sdk/src/chain/index.ts'
import type { EditionTerms, WriteClient } from '../../../../sdk/src/chain/index.ts'
import type { Meter } from './meter.ts'
import { word } from './world.ts'
import type { GasWorld } from './world.ts'

export const PRICE = 10n ** 16n
export const TERMS: EditionTerms = {
  price: PRICE,
  token: NATIVE_TOKEN,
  maxSupply: 0n,
  firstSlice: 0,
  lastSlice: TO_THE_END,
  laterVersions: false,
  duration: 0,
  royaltyBps: 500,
  referralBps: 0,
  transferable: true,
  payouts: [],
}

/** Publishing, selling and handing on keys. */
export async function measureKeys(world: GasWorld, meter: Meter): Promise<void> {
  const editionId = await measurePublishing(world, meter)
  await measureNativeSale(world, meter, editionId)
  await measureTransfers(world, meter, editionId)
  await measureTokenSale(world, meter)
  await measureTimedSale(world, meter)
}

async function measurePublishing({ contracts, creator }: GasWorld, meter: Meter): Promise<bigint> {
  const salt = word('content')
  const published = publishContent(creator, { contracts, salt, ...version('first'), kind: 'media' })
  await meter.record('publish', published)
  const { contentId } = await published
  await meter.record('publishVersion', publishVersion(creator, { contracts, contentId, ...version('second') }))
  const sale = { contentId, editionSalt: word('edition'), version: 1, lockboxHash: word('lockbox') }
  const created = createEdition(creator, { contracts, ...sale, terms: TERMS })
  await meter.record('createEdition', created)
  const { editionId } = await created
  const dealt = setLockbox(creator, { contracts, editionId, epoch: 2, lockboxHash: word('lockbox 2') })
  await meter.record('setLockbox', dealt)
  const change = { price: PRICE, maxSupply: 1_000_000n }
  await meter.record('updateEdition', updateEdition(creator, { contracts, editionId, ...change }))
  return editionId
}

/** First: the creator has no credit yet. Next: it has. Both buyers are new. */
async function measureNativeSale(world: GasWorld, meter: Meter, editionId: bigint): Promise<void> {
  const { contracts, creator, payer, other } = world
  await meter.record('buy.native.first', buy(world, payer, editionId, 2))
  await meter.record('buy.native.next', buy(world, other, editionId, 2))
  await meter.record('withdrawCredits.native', withdrawKeyCredits(creator, { contracts, token: NATIVE_TOKEN }))
}

/** The sender's only key frees its slot, which pays a part; one of several does not. */
async function measureTransfers(world: GasWorld, meter: Meter, editionId: bigint): Promise<void> {
  const { contracts, payer, other, stranger, payee } = world
  const give = (from: WriteClient, { account }: typeof payer) =>
    transferKey(from, { contracts, editionId, to: account.address })
  await meter.record('transferKey', give(payer, stranger))
  await buyKey(other, { contracts, editionId, maxPrice: PRICE, epoch: 2, quantity: 2n })
  await meter.record('transferKey.oneOfSeveral', give(other, payee))
  await meter.record('transferKey.toHolder', give(other, stranger))
}

async function measureTokenSale(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, creator, payer, other, token } = world
  const editionId = await sell(world, 'token', { token: token.address })
  for (const buyer of [payer, other]) await approvePrice(world, buyer)
  await meter.record('buy.erc20.first', buy(world, payer, editionId))
  await meter.record('buy.erc20.next', buy(world, other, editionId))
  await meter.record('withdrawCredits.erc20', withdrawKeyCredits(creator, { contracts, token: token.address }))
}

async function measureTimedSale(world: GasWorld, meter: Meter): Promise<void> {
  const editionId = await sell(world, 'timed', { duration: 30 * 86_400, transferable: false })
  await buy(world, world.other, editionId)
  await meter.record('buy.timed', buy(world, world.payer, editionId))
  await meter.record('buy.timed.renewal', buy(world, world.payer, editionId))
}

function buy({ contracts }: GasWorld, buyer: WriteClient, editionId: bigint, epoch = 1) {
  return buyKey(buyer, { contracts, editionId, maxPrice: PRICE, epoch })
}

async function sell({ contracts, creator, registry }: GasWorld, name: string, change: Partial<EditionTerms>) {
  const contentId = await registry.read.contentIdOf([creator.account.address, word('content')])
  const sale = { contentId, editionSalt: word(name), version: 1, lockboxHash: word('lockbox') }
  const { editionId } = await createEdition(creator, { contracts, ...sale, terms: { ...TERMS, ...change } })
  return editionId
}

async function approvePrice({ contracts, token }: GasWorld, buyer: WriteClient & { account: { address: Address } }) {
  await token.write.mint([buyer.account.address, 2n * PRICE])
  await approveToken(buyer, { contracts, token: token.address, spender: contracts.keys, amount: PRICE })
}

function version(name: string) {
  return { metaHash: word(`${name} manifest`), proofRoot: word(`${name} proofs`), sliceCount: 100 }
}
