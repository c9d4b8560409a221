import { Address, BigInt, ethereum } from '@graphprotocol/graph-ts'
import { Edition, KeyTransfer } from '../../generated/schema'
import { eventItemId, isZero } from '../ids'
import { blockOf, timeOf } from '../time'
import { accountId } from './account'
import { requireEdition } from './edition'
import { addKeys, takeKeys } from './holding'

/**
 * Keys of one edition that moved. From address zero they are minted, and a purchase says so.
 * @param index Its place among those of the event.
 */
export function moveKeys(
  editionId: BigInt,
  quantity: BigInt,
  from: Address,
  to: Address,
  index: i32,
  event: ethereum.Event,
): void {
  // ERC-1155 lets anybody move nothing.
  if (quantity.isZero()) return
  const edition = requireEdition(editionId)
  const isMint = isZero(from)
  if (!isMint) takeKeys(edition, from, quantity, event)
  addKeys(edition, to, quantity, event)
  if (!isMint) saveTransfer(edition, quantity, from, to, index, event)
}

function saveTransfer(
  edition: Edition,
  quantity: BigInt,
  from: Address,
  to: Address,
  index: i32,
  event: ethereum.Event,
): void {
  const transfer = new KeyTransfer(eventItemId(event, index))
  transfer.edition = edition.id
  transfer.from = accountId(from, event)
  transfer.to = accountId(to, event)
  transfer.quantity = quantity
  transfer.at = timeOf(event)
  transfer.block = blockOf(event)
  transfer.transaction = event.transaction.hash
  transfer.save()
}
