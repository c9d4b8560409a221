import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { EditionCreated } from '../../generated/ContentKeys/ContentKeys'
import { Edition } from '../../generated/schema'
import { word } from '../ids'
import { timeOf } from '../time'
import { accountId } from './account'
import { loadToken } from './token'

/** An edition that an event of the contracts names, so that it was created. */
export function requireEdition(editionId: BigInt): Edition {
  return Edition.load(word(editionId))!
}

/** The row of a new edition, saved. */
export function createEdition(event: EditionCreated): Edition {
  const terms = event.params.terms
  const edition = new Edition(word(event.params.editionId))
  edition.content = event.params.contentId
  edition.creator = accountId(event.params.creator, event)
  edition.version = event.params.version.toI32()
  edition.price = terms.price
  edition.token = loadToken(terms.token).id
  edition.maxSupply = terms.maxSupply
  edition.sold = BigInt.zero()
  edition.firstSlice = terms.firstSlice.toI64()
  edition.lastSlice = terms.lastSlice.toI64()
  edition.laterVersions = terms.laterVersions
  edition.duration = terms.duration.toI64()
  edition.royaltyBps = terms.royaltyBps
  edition.referralBps = terms.referralBps
  edition.transferable = terms.transferable
  setPayees(edition, event)
  edition.epoch = 1
  edition.lockboxHash = event.params.lockboxHash
  edition.createdAt = timeOf(event)
  edition.updatedAt = timeOf(event)
  edition.holderCount = 0
  edition.save()
  return edition
}

function setPayees(edition: Edition, event: EditionCreated): void {
  const payouts = event.params.terms.payouts
  const payees: Bytes[] = []
  const parts: i32[] = []
  for (let i = 0; i < payouts.length; i++) {
    payees.push(accountId(payouts[i].to, event))
    parts.push(payouts[i].bps)
  }
  edition.payees = payees
  edition.payeeBps = parts
}
