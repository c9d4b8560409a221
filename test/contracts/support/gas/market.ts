import {
  approveMarket,
  approveToken,
  buyKey,
  buyListedKey,
  cancelListing,
  createEdition,
  listKey,
  NATIVE_TOKEN,
  publishContent,
  withdrawMarketCredits,
} from '../../../../sdk/src/chain/index.ts'
import type { WriteClient } from '../../../../sdk/src/chain/index.ts'
import { PRICE, TERMS } from './keys.ts'
import type { Meter } from './meter.ts'
import { TIME, word } from './world.ts'
import type { GasWorld } from './world.ts'

const KEYS = 5n
const EXPIRY = 0xffff_ffffn

/** Resale: the payer sells what it bought of the creator. */
export async function measureMarket(world: GasWorld, meter: Meter): Promise<void> {
  const { contracts, payer, creator } = world
  const editionId = await sellKeys(world)
  await meter.record('market.approve', expectSent(approveMarket(payer, { contracts })))
  const offer = { contracts, editionId, quantity: KEYS, expiry: TIME + EXPIRY }
  await meter.record('market.list', listKey(payer, { ...offer, unitPrice: PRICE }))
  await meter.record('market.list.again', listKey(payer, { ...offer, unitPrice: PRICE }))
  await measureSales(world, meter, editionId)
  await meter.record('market.withdraw.native', withdrawMarketCredits(creator, { contracts, token: NATIVE_TOKEN }))
  await measureTokenSale(world, meter, editionId)
  await meter.record('market.cancel', cancelListing(payer, { contracts, editionId }))
}

/** First: nobody has a credit yet. Next: seller and creator have. Last: the listing is used up, which pays a part. */
async function measureSales(world: GasWorld, meter: Meter, editionId: bigint): Promise<void> {
  const { other, stranger, payee } = world
  await meter.record('market.buy.native.first', buy(world, other, editionId))
  await meter.record('market.buy.native.next', buy(world, stranger, editionId))
  await meter.record('market.buy.native.last', buy(world, payee, editionId, { quantity: KEYS - 2n }))
}

async function measureTokenSale(world: GasWorld, meter: Meter, editionId: bigint): Promise<void> {
  const { contracts, payer, other, stranger, token } = world
  await buyKey(payer, { contracts, editionId, maxPrice: PRICE, epoch: 1, quantity: KEYS })
  await listKey(payer, {
    contracts,
    editionId,
    quantity: KEYS,
    unitPrice: PRICE,
    token: token.address,
    expiry: TIME + EXPIRY,
  })
  for (const [name, buyer] of [
    ['first', other],
    ['next', stranger],
  ] as const) {
    await token.write.mint([buyer.account.address, 2n * PRICE])
    await approveToken(buyer, { contracts, token: token.address, spender: contracts.market, amount: PRICE })
    await meter.record(`market.buy.erc20.${name}`, buy(world, buyer, editionId, { token: token.address }))
  }
}

function buy(
  { contracts, payer }: GasWorld,
  buyer: WriteClient,
  editionId: bigint,
  { quantity = 1n, token = NATIVE_TOKEN } = {},
) {
  const seller = payer.account.address
  return buyListedKey(buyer, { contracts, editionId, seller, quantity, token, maxPrice: PRICE, epoch: 1 })
}

async function sellKeys({ contracts, creator, payer }: GasWorld): Promise<bigint> {
  const version = { metaHash: word('manifest'), proofRoot: word('proofs'), sliceCount: 100 }
  const { contentId } = await publishContent(creator, { contracts, salt: word('resale'), ...version, kind: 'media' })
  const sale = { contentId, editionSalt: word('edition'), version: 1, lockboxHash: word('lockbox') }
  const { editionId } = await createEdition(creator, { contracts, ...sale, terms: TERMS })
  await buyKey(payer, { contracts, editionId, maxPrice: PRICE, epoch: 1, quantity: KEYS })
  return editionId
}

async function expectSent<sent>(sending: Promise<sent | undefined>): Promise<sent> {
  const sent = await sending
  if (sent === undefined) throw new Error('nothing was sent')
  return sent
}
