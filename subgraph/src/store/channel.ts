import { BigInt, Bytes, ethereum } from '@graphprotocol/graph-ts'
import { ChannelOpened } from '../../generated/SliceChannels/SliceChannels'
import { Channel, ChannelPrefix, Claim } from '../../generated/schema'
import { channelPrefix } from '../ids'
import { blockOf, timeOf } from '../time'
import { accountId } from './account'
import { earnClaimed } from './earnings'
import { countClaimed, loadToken } from './token'

/** A channel that an event names, so that it was opened. */
export function requireChannel(channelId: Bytes): Channel {
  return Channel.load(channelId)!
}

/** The channel that a word of a batch's event names by its first twenty bytes. */
export function findChannelOfBatch(packed: Bytes): Channel {
  return requireChannel(ChannelPrefix.load(channelPrefix(packed))!.channel)
}

/** The row of a new channel, and the one that batches find it by. */
export function createChannel(event: ChannelOpened): void {
  const params = event.params
  const channel = new Channel(params.channelId)
  channel.payer = accountId(params.payer, event)
  channel.payee = accountId(params.payee, event)
  // The row of a node has its owner's address, and is there once it registers.
  channel.node = params.payee
  channel.token = loadToken(params.token).id
  channel.qx = params.qx
  channel.qy = params.qy
  channel.salt = params.salt
  channel.state = 'OPEN'
  channel.deposit = params.deposit
  channel.claimed = BigInt.zero()
  channel.refunded = BigInt.zero()
  channel.challenge = params.challenge
  channel.openedAt = timeOf(event)
  channel.updatedAt = timeOf(event)
  channel.save()

  const prefix = new ChannelPrefix(channelPrefix(params.channelId))
  prefix.channel = channel.id
  prefix.save()
}

/** Raises a channel's running total, and says who was paid what by that. */
export function saveClaim(id: Bytes, channel: Channel, total: BigInt, batched: boolean, event: ethereum.Event): void {
  const paid = total.minus(channel.claimed)
  channel.claimed = total
  channel.updatedAt = timeOf(event)
  channel.save()

  const claim = new Claim(id)
  claim.channel = channel.id
  claim.payer = channel.payer
  claim.payee = channel.payee
  claim.token = channel.token
  claim.paid = paid
  claim.total = total
  claim.batched = batched
  claim.at = timeOf(event)
  claim.block = blockOf(event)
  claim.transaction = event.transaction.hash
  claim.save()

  earnClaimed(channel.payee, channel.token, paid, event)
  countClaimed(channel.token, paid, event)
}
