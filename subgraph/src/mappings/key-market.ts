import { BigInt } from '@graphprotocol/graph-ts'
import { KeyListed, KeySold, ListingCancelled, Withdrawn } from '../../generated/KeyMarket/KeyMarket'
import { Edition, Listing, Sale } from '../../generated/schema'
import { eventId, pairId, word } from '../ids'
import { accountId } from '../store/account'
import { loadContentDay, requireContent } from '../store/content'
import { credit, debit } from '../store/credit'
import { earnResold, earnRoyalty } from '../store/earnings'
import { requireEdition } from '../store/edition'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { countSale, loadToken } from '../store/token'
import { blockOf, timeOf } from '../time'

const SOURCE = 'KEY_MARKET'

export function handleKeyListed(event: KeyListed): void {
  const edition = requireEdition(event.params.editionId)
  const seller = accountId(event.params.seller, event)
  const listing = new Listing(pairId(edition.id, seller))
  listing.edition = edition.id
  listing.content = edition.content
  listing.seller = seller
  // Both are there: the market asked for them before it took the listing.
  listing.holding = pairId(edition.id, seller)
  listing.approval = pairId(seller, event.address)
  listing.state = 'OPEN'
  listing.unitPrice = event.params.unitPrice
  listing.token = loadToken(event.params.token).id
  listing.quantity = event.params.quantity
  listing.expiry = event.params.expiry
  listing.listedAt = timeOf(event)
  listing.updatedAt = timeOf(event)
  listing.save()
}

export function handleListingCancelled(event: ListingCancelled): void {
  const listing = Listing.load(pairId(word(event.params.editionId), event.params.seller))!
  listing.state = 'CANCELLED'
  listing.quantity = BigInt.zero()
  listing.updatedAt = timeOf(event)
  listing.save()
}

export function handleKeySold(event: KeySold): void {
  const edition = requireEdition(event.params.editionId)
  const listing = Listing.load(pairId(edition.id, event.params.seller))!
  listing.quantity = listing.quantity.minus(event.params.quantity)
  if (listing.quantity.isZero()) listing.state = 'SOLD'
  listing.updatedAt = timeOf(event)
  listing.save()

  saveSale(edition, event)
  shareProceeds(event)
  countSale(event.params.token, event.params.price, event.params.royalty, event)
  countKeySold(edition, event)
}

function saveSale(edition: Edition, event: KeySold): void {
  const sale = new Sale(eventId(event))
  sale.edition = edition.id
  sale.content = edition.content
  sale.seller = accountId(event.params.seller, event)
  sale.buyer = accountId(event.params.buyer, event)
  sale.recipient = accountId(event.params.recipient, event)
  sale.quantity = event.params.quantity
  sale.token = event.params.token
  sale.price = event.params.price
  sale.creator = accountId(event.params.creator, event)
  sale.royalty = event.params.royalty
  sale.at = timeOf(event)
  sale.block = blockOf(event)
  sale.transaction = event.transaction.hash
  sale.save()
}

/** The royalty is the creator's, the rest the seller's. */
function shareProceeds(event: KeySold): void {
  const params = event.params
  const proceeds = params.price.minus(params.royalty)
  if (!params.royalty.isZero()) {
    credit(SOURCE, params.creator, params.token, params.royalty, event)
    earnRoyalty(params.creator, params.token, params.royalty, event)
  }
  if (!proceeds.isZero()) {
    credit(SOURCE, params.seller, params.token, proceeds, event)
    earnResold(params.seller, params.token, proceeds, event)
  }
}

function countKeySold(edition: Edition, event: KeySold): void {
  const content = requireContent(edition.content)
  content.keysResold = content.keysResold.plus(event.params.quantity)
  content.save()
  const day = loadContentDay(content.id, event)
  day.keysResold = day.keysResold.plus(event.params.quantity)
  day.save()
  const network = loadNetwork()
  network.sales += 1
  network.save()
  const today = loadNetworkDay(event)
  today.sales += 1
  today.save()
}

export function handleWithdrawn(event: Withdrawn): void {
  debit(SOURCE, event.params.account, event.params.token, event.params.amount, event)
}
