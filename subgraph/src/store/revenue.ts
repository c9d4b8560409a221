import { BigInt, Bytes } from '@graphprotocol/graph-ts'
import { KeyBought } from '../../generated/ContentKeys/ContentKeys'
import { Content, Edition } from '../../generated/schema'
import { someone } from '../ids'
import { credit } from './credit'
import { earnReferred, earnSold } from './earnings'

const SOURCE = 'CONTENT_KEYS'
const WHOLE_BPS = 10_000

function partOf(amount: BigInt, bps: i32): BigInt {
  return amount.times(BigInt.fromI32(bps)).div(BigInt.fromI32(WHOLE_BPS))
}

/**
 * Who was credited what for a purchase. No event says it: it follows from the terms, as `IContentKeys.KeyBought` tells, rounded
 * as there.
 */
export function shareRevenue(edition: Edition, content: Content, event: KeyBought): void {
  const paid = event.params.paid
  if (paid.isZero()) return
  const shared = paid.minus(payReferrer(edition, event))
  const payees = edition.payees
  const parts = edition.payeeBps
  if (payees.length == 0) {
    paySeller(content.creator, edition.token, shared, event)
    return
  }
  let rest = shared
  for (let i = 1; i < payees.length; i++) {
    const part = partOf(shared, parts[i])
    paySeller(payees[i], edition.token, part, event)
    rest = rest.minus(part)
  }
  paySeller(payees[0], edition.token, rest, event)
}

/** What the referrer got. */
function payReferrer(edition: Edition, event: KeyBought): BigInt {
  const referrer = someone(event.params.referrer)
  if (referrer === null) return BigInt.zero()
  const part = partOf(event.params.paid, edition.referralBps)
  if (part.isZero()) return part
  credit(SOURCE, referrer, edition.token, part, event)
  earnReferred(referrer, edition.token, part, event)
  return part
}

function paySeller(account: Bytes, token: Bytes, amount: BigInt, event: KeyBought): void {
  if (amount.isZero()) return
  credit(SOURCE, account, token, amount, event)
  earnSold(account, token, amount, event)
}
