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

/** Keeps the ledger's word on channels in step with the chain; what a leaving payer owes is claimed at once. */
export function followChannels({ chain, ledger, service, log }: FollowChannelsOptions): () => void {
  function onCloseRequested(channelId: Hex, closesAt: bigint): void {
    ledger.recordClosing(channelId, closesAt)
    service.onCloseRequested(channelId).catch((error: unknown) => {
      log.error({ err: error, channelId }, 'could not claim from a closing channel')
    })
  }

  function onEvent(event: ChainEvent): void {
    switch (event.eventName) {
      case 'CloseRequested':
        return onCloseRequested(event.args.channelId, event.args.closesAt)
      case 'ChannelClosed':
        return ledger.recordClosing(event.args.channelId, CLOSED_AT)
      case 'ChannelToppedUp':
        return raise(event.args.channelId, event.args.deposit)
      default:
    }
  }

  function raise(channelId: Hex, deposit: bigint): void {
    const channel = ledger.channel(channelId)
    if (channel !== undefined) ledger.recordStanding(channelId, { ...channel, deposit })
  }

  // A channel of strangers is in nobody's ledger.
  return chain.watcher.onEvents((events) => {
    for (const event of events) {
      if ('channelId' in event.args && ledger.channel(event.args.channelId) !== undefined) onEvent(event)
    }
  })
}
