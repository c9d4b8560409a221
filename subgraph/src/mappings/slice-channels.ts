import { BigInt, ethereum } from '@graphprotocol/graph-ts'
import {
  BatchClaimed,
  ChannelClosed,
  ChannelOpened,
  ChannelToppedUp,
  Claimed,
  CloseRequested,
  Deposited,
  SessionAuthorized,
  SessionRevoked,
  Withdrawn,
  WithdrawRequested,
} from '../../generated/SliceChannels/SliceChannels'
import { Channel } from '../../generated/schema'
import { eventItemId, totalOf } from '../ids'
import { createChannel, findChannelOfBatch, requireChannel, saveClaim } from '../store/channel'
import { drawFromEscrow, loadEscrow } from '../store/escrow'
import { loadNetwork, loadNetworkDay } from '../store/network'
import { authorizeSession, revokeSession } from '../store/session'
import { countDeposited, countWithdrawn } from '../store/token'
import { timeOf } from '../time'

export function handleDeposited(event: Deposited): void {
  const escrow = loadEscrow(event.params.payer, event.params.token, event)
  escrow.balance = escrow.balance.plus(event.params.amount)
  escrow.deposited = escrow.deposited.plus(event.params.amount)
  escrow.save()
  countDeposited(event.params.token, event.params.amount, event)
}

export function handleWithdrawRequested(event: WithdrawRequested): void {
  const escrow = loadEscrow(event.params.payer, event.params.token, event)
  escrow.withdrawalAmount = event.params.amount
  escrow.withdrawalAvailableAt = event.params.availableAt.toI64()
  escrow.withdrawalExpiresAt = event.params.expiresAt.toI64()
  escrow.save()
}

export function handleWithdrawn(event: Withdrawn): void {
  const escrow = loadEscrow(event.params.payer, event.params.token, event)
  escrow.balance = escrow.balance.minus(event.params.amount)
  escrow.withdrawn = escrow.withdrawn.plus(event.params.amount)
  escrow.withdrawalAmount = BigInt.zero()
  escrow.withdrawalAvailableAt = 0
  escrow.withdrawalExpiresAt = 0
  escrow.save()
  countWithdrawn(event.params.token, event.params.amount, event)
}

export function handleSessionAuthorized(event: SessionAuthorized): void {
  authorizeSession(event)
}

export function handleSessionRevoked(event: SessionRevoked): void {
  revokeSession(event)
}

export function handleChannelOpened(event: ChannelOpened): void {
  createChannel(event)
  drawFromEscrow(event.params.payer, event.params.token, event.params.deposit, event)
  const network = loadNetwork()
  network.channels += 1
  network.openChannels += 1
  network.save()
  const today = loadNetworkDay(event)
  today.channelsOpened += 1
  today.save()
}

export function handleChannelToppedUp(event: ChannelToppedUp): void {
  const channel = requireChannel(event.params.channelId)
  drawFromEscrow(channel.payer, channel.token, event.params.deposit.minus(channel.deposit), event)
  channel.deposit = event.params.deposit
  channel.updatedAt = timeOf(event)
  channel.save()
}

export function handleClaimed(event: Claimed): void {
  claim(requireChannel(event.params.channelId), event.params.claimed, false, 0, event)
}

export function handleBatchClaimed(event: BatchClaimed): void {
  const totals = event.params.totals
  for (let i = 0; i < totals.length; i++) claim(findChannelOfBatch(totals[i]), totalOf(totals[i]), true, i, event)
}

/** @param total The channel's running total after the claim. */
function claim(channel: Channel, total: BigInt, batched: boolean, index: i32, event: ethereum.Event): void {
  saveClaim(eventItemId(event, index), channel, total, batched, event)
  const network = loadNetwork()
  network.claims += 1
  network.save()
  const today = loadNetworkDay(event)
  today.claims += 1
  today.save()
}

export function handleCloseRequested(event: CloseRequested): void {
  const channel = requireChannel(event.params.channelId)
  channel.state = 'CLOSING'
  channel.closesAt = event.params.closesAt.toI64()
  channel.updatedAt = timeOf(event)
  channel.save()
}

export function handleChannelClosed(event: ChannelClosed): void {
  const channel = requireChannel(event.params.channelId)
  channel.state = 'CLOSED'
  channel.refunded = event.params.refunded
  channel.closedAt = timeOf(event)
  channel.updatedAt = timeOf(event)
  channel.save()
  drawFromEscrow(channel.payer, channel.token, event.params.refunded.neg(), event)
  const network = loadNetwork()
  network.openChannels -= 1
  network.save()
  const today = loadNetworkDay(event)
  today.channelsClosed += 1
  today.save()
}
