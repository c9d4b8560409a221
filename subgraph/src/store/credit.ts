import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Credit } from '../../generated/schema'
import { timeOf } from '../time'
import { accountId } from './account'
import { loadToken } from './token'

function loadCredit(source: string, account: Bytes, token: Bytes, event: ethereum.Event): Credit {
  const id = event.address.concat(account).concat(token)
  const found = Credit.load(id)
  if (found !== null) return found
  const row = new Credit(id)
  row.source = source
  row.account = accountId(account, event)
  row.token = loadToken(token).id
  row.credited = BigInt.zero()
  row.withdrawn = BigInt.zero()
  row.balance = BigInt.zero()
  return row
}

/** Adds to what the event's contract owes an account. */
export function credit(source: string, account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const row = loadCredit(source, account, token, event)
  row.credited = row.credited.plus(amount)
  row.balance = row.balance.plus(amount)
  row.updatedAt = timeOf(event)
  row.save()
}

/** The contract paid an account out. */
export function debit(source: string, account: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const row = loadCredit(source, account, token, event)
  row.withdrawn = row.withdrawn.plus(amount)
  row.balance = row.balance.minus(amount)
  row.updatedAt = timeOf(event)
  row.save()
}
