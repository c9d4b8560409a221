import { Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Account } from '../../generated/schema'
import { timeOf } from '../time'
import { loadNetwork, loadNetworkDay } from './network'

/** A wallet's row, made and saved when it is first named. Whoever changes it saves it. */
export function loadAccount(address: Bytes, event: ethereum.Event): Account {
  const found = Account.load(address)
  if (found !== null) return found
  const account = new Account(address)
  account.contentCount = 0
  account.followerCount = 0
  account.followingCount = 0
  account.createdAt = timeOf(event)
  account.save()
  countAccount(event)
  return account
}

/** The id of a wallet's row, which exists from now on. */
export function accountId(address: Bytes, event: ethereum.Event): Bytes {
  return loadAccount(address, event).id
}

function countAccount(event: ethereum.Event): void {
  const network = loadNetwork()
  network.accounts += 1
  network.save()
  const today = loadNetworkDay(event)
  today.newAccounts += 1
  today.save()
}
