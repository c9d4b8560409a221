import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Edition, KeyApproval, KeyHolding } from '../../generated/schema'
import { pairId } from '../ids'
import { timeOf } from '../time'
import { accountId } from './account'

/** What a wallet holds of an edition; a new row holds nothing, and is saved by whoever changes it. */
export function loadHolding(edition: Edition, holder: Bytes, event: ethereum.Event): KeyHolding {
  const id = pairId(edition.id, holder)
  const found = KeyHolding.load(id)
  if (found !== null) return found
  const holding = new KeyHolding(id)
  holding.edition = edition.id
  holding.content = edition.content
  holding.holder = accountId(holder, event)
  holding.balance = BigInt.zero()
  holding.expiresAt = 0
  holding.acquiredAt = timeOf(event)
  return holding
}

/** Adds to a balance and to the edition's count of holders, and saves both. */
export function addKeys(edition: Edition, holder: Bytes, quantity: BigInt, event: ethereum.Event): void {
  const holding = loadHolding(edition, holder, event)
  if (holding.balance.isZero()) {
    holding.acquiredAt = timeOf(event)
    edition.holderCount += 1
    edition.save()
  }
  holding.balance = holding.balance.plus(quantity)
  holding.updatedAt = timeOf(event)
  holding.save()
}

/** Takes from a balance; the other way of {@link addKeys}. */
export function takeKeys(edition: Edition, holder: Bytes, quantity: BigInt, event: ethereum.Event): void {
  const holding = loadHolding(edition, holder, event)
  holding.balance = holding.balance.minus(quantity)
  holding.updatedAt = timeOf(event)
  holding.save()
  if (!holding.balance.isZero()) return
  edition.holderCount -= 1
  edition.save()
}

/** Whether an operator may move a wallet's keys; not, until it is said. */
export function loadApproval(account: Bytes, operator: Bytes, event: ethereum.Event): KeyApproval {
  const id = pairId(account, operator)
  const found = KeyApproval.load(id)
  if (found !== null) return found
  const approval = new KeyApproval(id)
  approval.account = accountId(account, event)
  approval.operator = operator
  approval.approved = false
  return approval
}
