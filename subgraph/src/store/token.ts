import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Token, TokenDay } from '../../generated/schema'
import { dayId } from '../ids'
import { dayOf } from '../time'

/** A token's row, made and saved when it is first named. */
export function loadToken(address: Bytes): Token {
  const found = Token.load(address)
  if (found !== null) return found
  const token = new Token(address)
  token.paidForKeys = BigInt.zero()
  token.paidForResales = BigInt.zero()
  token.royalties = BigInt.zero()
  token.claimed = BigInt.zero()
  token.deposited = BigInt.zero()
  token.withdrawn = BigInt.zero()
  token.save()
  return token
}

function loadTokenDay(token: Bytes, event: ethereum.Event): TokenDay {
  const day = dayOf(event)
  const id = dayId(token, day)
  const found = TokenDay.load(id)
  if (found !== null) return found
  const row = new TokenDay(id)
  row.token = token
  row.day = day
  row.paidForKeys = BigInt.zero()
  row.paidForResales = BigInt.zero()
  row.royalties = BigInt.zero()
  row.claimed = BigInt.zero()
  row.deposited = BigInt.zero()
  row.withdrawn = BigInt.zero()
  return row
}

export function countPurchase(address: Bytes, paid: BigInt, event: ethereum.Event): void {
  const token = loadToken(address)
  token.paidForKeys = token.paidForKeys.plus(paid)
  token.save()
  const today = loadTokenDay(address, event)
  today.paidForKeys = today.paidForKeys.plus(paid)
  today.save()
}

export function countSale(address: Bytes, price: BigInt, royalty: BigInt, event: ethereum.Event): void {
  const token = loadToken(address)
  token.paidForResales = token.paidForResales.plus(price)
  token.royalties = token.royalties.plus(royalty)
  token.save()
  const today = loadTokenDay(address, event)
  today.paidForResales = today.paidForResales.plus(price)
  today.royalties = today.royalties.plus(royalty)
  today.save()
}

export function countClaimed(address: Bytes, paid: BigInt, event: ethereum.Event): void {
  const token = loadToken(address)
  token.claimed = token.claimed.plus(paid)
  token.save()
  const today = loadTokenDay(address, event)
  today.claimed = today.claimed.plus(paid)
  today.save()
}

export function countDeposited(address: Bytes, amount: BigInt, event: ethereum.Event): void {
  const token = loadToken(address)
  token.deposited = token.deposited.plus(amount)
  token.save()
  const today = loadTokenDay(address, event)
  today.deposited = today.deposited.plus(amount)
  today.save()
}

export function countWithdrawn(address: Bytes, amount: BigInt, event: ethereum.Event): void {
  const token = loadToken(address)
  token.withdrawn = token.withdrawn.plus(amount)
  token.save()
  const today = loadTokenDay(address, event)
  today.withdrawn = today.withdrawn.plus(amount)
  today.save()
}
