import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { EarningsTotal, EarningsDay } from '../../generated/schema'
import { dayId, pairId } from '../ids'
import { dayOf, timeOf } from '../time'
import { accountId } from './account'

function loadEarnings(account: Bytes, token: Bytes, event: ethereum.Event): EarningsTotal {
  const id = pairId(account, token)
  const found = EarningsTotal.load(id)
  if (found !== null) return found
  const earnings = new EarningsTotal(id)
  earnings.account = accountId(account, event)
  // The row of a node has its owner's address, and is there once it registers.
  earnings.node = account
  earnings.token = token
  earnings.claimed = BigInt.zero()
  earnings.claimCount = 0
  earnings.sold = BigInt.zero()
  earnings.referred = BigInt.zero()
  earnings.royalties = BigInt.zero()
  earnings.resold = BigInt.zero()
  return earnings
}

function loadEarningsDay(earnings: EarningsTotal, event: ethereum.Event): EarningsDay {
  const day = dayOf(event)
  const id = dayId(earnings.id, day)
  const found = EarningsDay.load(id)
  if (found !== null) return found
  const row = new EarningsDay(id)
  row.total = earnings.id
  row.account = earnings.account
  row.node = earnings.node
  row.token = earnings.token
  row.day = day
  row.claimed = BigInt.zero()
  row.claimCount = 0
  row.sold = BigInt.zero()
  row.referred = BigInt.zero()
  row.royalties = BigInt.zero()
  row.resold = BigInt.zero()
  return row
}

function save(earnings: EarningsTotal, today: EarningsDay, event: ethereum.Event): void {
  earnings.updatedAt = timeOf(event)
  earnings.save()
  today.save()
}

export function earnClaimed(account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const earnings = loadEarnings(account, token, event)
  const today = loadEarningsDay(earnings, event)
  earnings.claimed = earnings.claimed.plus(amount)
  earnings.claimCount += 1
  today.claimed = today.claimed.plus(amount)
  today.claimCount += 1
  save(earnings, today, event)
}

export function earnSold(account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const earnings = loadEarnings(account, token, event)
  const today = loadEarningsDay(earnings, event)
  earnings.sold = earnings.sold.plus(amount)
  today.sold = today.sold.plus(amount)
  save(earnings, today, event)
}

export function earnReferred(account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const earnings = loadEarnings(account, token, event)
  const today = loadEarningsDay(earnings, event)
  earnings.referred = earnings.referred.plus(amount)
  today.referred = today.referred.plus(amount)
  save(earnings, today, event)
}

export function earnRoyalty(account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const earnings = loadEarnings(account, token, event)
  const today = loadEarningsDay(earnings, event)
  earnings.royalties = earnings.royalties.plus(amount)
  today.royalties = today.royalties.plus(amount)
  save(earnings, today, event)
}

export function earnResold(account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const earnings = loadEarnings(account, token, event)
  const today = loadEarningsDay(earnings, event)
  earnings.resold = earnings.resold.plus(amount)
  today.resold = today.resold.plus(amount)
  save(earnings, today, event)
}
