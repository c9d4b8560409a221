import { SessionAuthorized, SessionRevoked } from '../../generated/SliceChannels/SliceChannels'
import { Allowance, Session } from '../../generated/schema'
import { pairId } from '../ids'
import { timeOf } from '../time'
import { accountId } from './account'
import { loadToken } from './token'

/** A session speaks for a wallet until a new time, the same for all tokens, and may draw in one of them. */
export function authorizeSession(event: SessionAuthorized): void {
  const params = event.params
  const id = pairId(params.payer, params.sessionId)
  let session = Session.load(id)
  if (session === null) {
    session = new Session(id)
    session.payer = accountId(params.payer, event)
    session.sessionId = params.sessionId
    session.qx = params.qx
    session.qy = params.qy
    session.authorizedAt = timeOf(event)
  }
  session.expiry = params.expiry.toI64()
  session.updatedAt = timeOf(event)
  session.save()

  const allowance = new Allowance(pairId(id, params.token))
  allowance.session = id
  allowance.token = loadToken(params.token).id
  allowance.limit = params.limit
  allowance.grantedAt = timeOf(event)
  allowance.save()
}

/** A wallet may revoke a key that it never authorised; there is nothing to end then. */
export function revokeSession(event: SessionRevoked): void {
  const session = Session.load(pairId(event.params.payer, event.params.sessionId))
  if (session === null) return
  session.expiry = 0
  session.updatedAt = timeOf(event)
  session.save()
}
