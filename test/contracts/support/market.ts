import type { Address } from 'viem'
import { farAhead } from './channels.ts'
import { deploySluice, NATIVE } from './fixture.ts'
import type { Sluice } from './fixture.ts'
import { createEdition, publish } from './keys.ts'
import type { Terms } from './keys.ts'

/** Of one key; with 5 % royalty a number that has to be rounded. */
export const UNIT_PRICE = 1003n

/** The market of a content whose seller holds five keys and has approved the market; `buyer` can pay in the token too. */
export async function deployMarket() {
  const sluice = await deploySluice()
  const { creator, stranger: seller, payer: buyer, market, token } = sluice
  const { contentId } = await publish(sluice)
  const resale = { ...sluice, seller, buyer, contentId }
  const editionId = await sellKeys(resale, 5n)
  await sluice.keys.write.setApprovalForAll([market.address, true], { account: seller.account })
  await token.write.mint([buyer.account.address, 100n * UNIT_PRICE])
  const [sellerAddress, creatorAddress] = [seller.account.address, creator.account.address]
  return { ...resale, editionId, sellerAddress, creatorAddress, buyerAddress: buyer.account.address }
}

export type Resale = Awaited<ReturnType<typeof deployMarket>>

/** Creates an edition and buys keys of it for the seller, for nothing. */
export async function sellKeys(
  { keys, seller, contentId, ...sluice }: Sluice & Pick<Resale, 'seller' | 'contentId'>,
  quantity: bigint,
  change: Partial<Terms> = {},
): Promise<bigint> {
  const { editionId } = await createEdition({ ...sluice, keys }, contentId, { price: 0n, ...change })
  const { account } = seller
  await keys.write.buy([editionId, quantity, account.address, NATIVE, 0n, 1], { account })
  return editionId
}

export type Offer = { editionId?: bigint; quantity?: bigint; unitPrice?: bigint; token?: Address; expiry?: bigint }

/** The seller lists all five keys for a day, unless told otherwise. */
export async function list(resale: Resale, offer: Offer = {}) {
  const { editionId = resale.editionId, quantity = 5n, unitPrice = UNIT_PRICE, token = NATIVE } = offer
  const expiry = offer.expiry ?? (await farAhead())
  const { account } = resale.seller
  return resale.market.write.list([editionId, quantity, unitPrice, token, expiry], { account })
}

export type Order = {
  quantity?: bigint
  recipient?: Address
  token?: Address
  maxPrice?: bigint
  epoch?: number
  value?: bigint
}

/** The buyer buys one key of the seller, paying the exact value, unless told otherwise. */
export function buy(resale: Resale, order: Order = {}) {
  const { quantity = 1n, recipient = resale.buyerAddress, token = NATIVE, maxPrice = UNIT_PRICE, epoch = 1 } = order
  const value = order.value ?? (token === NATIVE ? UNIT_PRICE * quantity : 0n)
  return resale.market.write.buy(
    [resale.editionId, resale.sellerAddress, quantity, recipient, token, maxPrice, epoch],
    { account: resale.buyer.account, value },
  )
}
