import { ethereum } from '@graphprotocol/graph-ts'
import {
  ApprovalForAll,
  EditionCreated,
  EditionUpdated,
  KeyBought,
  KeyExtended,
  LockboxSet,
  TransferBatch,
  TransferSingle,
  Withdrawn,
} from '../../generated/ContentKeys/ContentKeys'
import { Content, Edition, Lockbox, Purchase } from '../../generated/schema'
import { eventId, lockboxId, someone } from '../ids'
import { accountId } from '../store/account'
import { loadContentDay, requireContent } from '../store/content'
import { debit } from '../store/credit'
import { createEdition, requireEdition } from '../store/edition'
import { loadApproval, loadHolding } from '../store/holding'
import { moveKeys } from '../store/key-transfer'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { shareRevenue } from '../store/revenue'
import { countPurchase } from '../store/token'
import { blockOf, timeOf } from '../time'
import { raise } from '../trending'

/** A paid purchase weighs as much as eight views, a free one as much as one: whoever gives keys away pays but the gas. */
const PAID_DOUBLINGS: i64 = 3

export function handleEditionCreated(event: EditionCreated): void {
  const edition = createEdition(event)
  saveLockbox(edition, event)

  const content = requireContent(edition.content)
  content.editionCount += 1
  content.updatedAt = timeOf(event)
  content.save()

  const network = loadNetwork()
  network.editions += 1
  network.save()
  const today = loadNetworkDay(event)
  today.editions += 1
  today.save()
}

function saveLockbox(edition: Edition, event: ethereum.Event): void {
  const lockbox = new Lockbox(lockboxId(edition.id, edition.epoch))
  lockbox.edition = edition.id
  lockbox.epoch = edition.epoch
  lockbox.hash = edition.lockboxHash
  lockbox.at = timeOf(event)
  lockbox.save()
}

export function handleEditionUpdated(event: EditionUpdated): void {
  const edition = requireEdition(event.params.editionId)
  edition.price = event.params.price
  edition.maxSupply = event.params.maxSupply
  edition.updatedAt = timeOf(event)
  edition.save()
}

export function handleLockboxSet(event: LockboxSet): void {
  const edition = requireEdition(event.params.editionId)
  edition.epoch = event.params.epoch.toI64()
  edition.lockboxHash = event.params.lockboxHash
  edition.updatedAt = timeOf(event)
  edition.save()
  saveLockbox(edition, event)
}

export function handleKeyBought(event: KeyBought): void {
  const edition = requireEdition(event.params.editionId)
  edition.sold = edition.sold.plus(event.params.quantity)
  edition.save()

  const content = requireContent(edition.content)
  content.keysSold = content.keysSold.plus(event.params.quantity)
  const doublings = event.params.paid.isZero() ? 0 : PAID_DOUBLINGS
  content.trendingScore = raise(content.trendingScore, timeOf(event), doublings)
  content.save()

  savePurchase(edition, event)
  shareRevenue(edition, content, event)
  countPurchase(event.params.token, event.params.paid, event)
  countKeyBought(content, event)
}

function savePurchase(edition: Edition, event: KeyBought): void {
  const referrer = someone(event.params.referrer)
  const purchase = new Purchase(eventId(event))
  purchase.edition = edition.id
  purchase.content = edition.content
  purchase.buyer = accountId(event.params.buyer, event)
  purchase.recipient = accountId(event.params.recipient, event)
  purchase.referrer = referrer === null ? null : accountId(referrer, event)
  purchase.quantity = event.params.quantity
  purchase.token = edition.token
  purchase.paid = event.params.paid
  purchase.at = timeOf(event)
  purchase.block = blockOf(event)
  purchase.transaction = event.transaction.hash
  purchase.save()
}

function countKeyBought(content: Content, event: KeyBought): void {
  const day = loadContentDay(content.id, event)
  day.purchases += 1
  day.keysSold = day.keysSold.plus(event.params.quantity)
  day.save()
  const network = loadNetwork()
  network.purchases += 1
  network.save()
  const today = loadNetworkDay(event)
  today.purchases += 1
  today.save()
}

export function handleKeyExtended(event: KeyExtended): void {
  const holding = loadHolding(requireEdition(event.params.editionId), event.params.holder, event)
  holding.expiresAt = event.params.expiresAt.toI64()
  holding.updatedAt = timeOf(event)
  holding.save()
}

export function handleTransferSingle(event: TransferSingle): void {
  moveKeys(event.params.id, event.params.value, event.params.from, event.params.to, 0, event)
}

export function handleTransferBatch(event: TransferBatch): void {
  const ids = event.params.ids
  const quantities = event.params.values
  for (let i = 0; i < ids.length; i++) {
    moveKeys(ids[i], quantities[i], event.params.from, event.params.to, i, event)
  }
}

export function handleApprovalForAll(event: ApprovalForAll): void {
  const approval = loadApproval(event.params.account, event.params.operator, event)
  approval.approved = event.params.approved
  approval.updatedAt = timeOf(event)
  approval.save()
}

export function handleWithdrawn(event: Withdrawn): void {
  debit('CONTENT_KEYS', event.params.account, event.params.token, event.params.amount, event)
}
