import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { Escrow } from '../../generated/schema'
import { pairId } from '../ids'
import { timeOf } from '../time'
import { accountId } from './account'
import { loadToken } from './token'

/** A wallet's free balance in a token, saved by whoever changes it. */
export function loadEscrow(payer: Bytes, token: Bytes, event: ethereum.Event): Escrow {
  const id = pairId(payer, token)
  const found = Escrow.load(id)
  if (found !== null) {
    found.updatedAt = timeOf(event)
    return found
  }
  const escrow = new Escrow(id)
  escrow.payer = accountId(payer, event)
  escrow.token = loadToken(token).id
  escrow.balance = BigInt.zero()
  escrow.deposited = BigInt.zero()
  escrow.withdrawn = BigInt.zero()
  escrow.withdrawalAmount = BigInt.zero()
  escrow.withdrawalAvailableAt = 0
  escrow.withdrawalExpiresAt = 0
  escrow.updatedAt = timeOf(event)
  return escrow
}

/** Moves from the escrow into a channel, or with a negative amount back. */
export function drawFromEscrow(payer: Bytes, token: Bytes, amount: BigInt, event: ethereum.Event): void {
  const escrow = loadEscrow(payer, token, event)
  escrow.balance = escrow.balance.minus(amount)
  escrow.save()
}
