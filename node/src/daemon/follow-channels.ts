import { CLOSED_AT } from '@sluice/sdk/channel'
import type { Hex } from 'viem'
import type { ChainEvent, NodeChain } from '../chain/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Log } from '../log.ts'
import type { SliceService } from '../protocols/slice/index.ts'

export type FollowChannelsOptions = {
  readonly chain: Pick<NodeChain, 'watcher'>
  readonly ledger: Ledger
  readonly service: Pick<SliceService, 'onCloseRequested'>
  readonly log: Log
}

/** How often a claim from a closing channel is tried again: far less than any challenge window. */
const RETRY_MS = 60_000

/**
 * Keeps the ledger's word on channels in step with the chain; what a leaving payer owes is claimed at once, and again
 * until it is, whether an event, a restart or a failed transaction came in between. Returns how to stop it.
 */
export function followChannels({ chain, ledger, service, log }: FollowChannelsOptions): () => void {
  function claim(channelId: Hex): void {
    service.onCloseRequested(channelId).catch((error: unknown) => {
      log.error({ err: error, channelId }, 'could not claim from a closing channel')
    })
  }

  function claimClosing(): void {
    for (const { channelId, closesAt } of ledger.channels()) {
      if (closesAt !== 0n && closesAt !== CLOSED_AT) claim(channelId)
    }
  }

  const timer = setInterval(claimClosing, RETRY_MS)
  timer.unref()
  claimClosing()
  const unsubscribe = chain.watcher.onEvents((events) => {
    for (const event of events) {
      const closing = record(ledger, event)
      if (closing !== undefined) claim(closing)
    }
  })
  return () => {
    clearInterval(timer)
    unsubscribe()
  }
}

/** Writes down what happened to a channel of ours; returns its id where its payer is leaving. */
function record(ledger: Ledger, event: ChainEvent): Hex | undefined {
  const channel = 'channelId' in event.args ? ledger.channel(event.args.channelId) : undefined
  if (channel === undefined) return undefined
  const { channelId } = channel
  switch (event.eventName) {
    case 'CloseRequested':
      ledger.recordClosing(channelId, event.args.closesAt)
      return channelId
    case 'ChannelClosed':
      ledger.recordClosing(channelId, CLOSED_AT)
      return undefined
    case 'ChannelToppedUp':
      ledger.recordStanding(channelId, { ...channel, deposit: event.args.deposit })
      return undefined
    default:
      return undefined
  }
}
