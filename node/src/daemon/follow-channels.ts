import { CLOSED_AT, sameHex } from '@sluice/sdk/channel'
import type { Hex } from 'viem'
import type { ChainEvent, NodeChain } from '../chain/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Log } from '../log.ts'
import type { ChannelActions, SlicePolicy, SliceService } from '../protocols/slice/index.ts'

export type FollowChannelsOptions = {
  readonly chain: { readonly watcher: Pick<NodeChain['watcher'], 'onEvents' | 'onReorg'> }
  readonly ledger: Ledger
  readonly service: Pick<SliceService, 'onCloseRequested'>
  readonly policy: Pick<SlicePolicy, 'payee' | 'token' | 'challenge'>
  readonly standing: ChannelActions['standing']
  readonly log: Log
}

/** How often a claim from a closing channel is tried again: far less than any challenge window. */
const RETRY_MS = 60_000

/**
 * Keeps the ledger's word on channels in step with the chain; what a leaving payer owes is claimed at once, and again
 * until it is, whether an event, a restart or a failed transaction came in between. Returns how to stop it.
 */
export function followChannels(options: FollowChannelsOptions): () => void {
  const { chain, ledger, service, policy, standing, log } = options

  function claim(channelId: Hex): void {
    service.onCloseRequested(channelId).catch((error: unknown) => {
      log.error({ err: error, channelId }, 'could not claim from a closing channel')
    })
  }

  /** Events may come again, late or from blocks that are gone: what counts is how a channel stands now. */
  async function refresh(channelIds: readonly Hex[]): Promise<void> {
    for (const channelId of channelIds) {
      try {
        const now = await standing(channelId)
        if (now !== undefined) ledger.recordStanding(channelId, now)
      } catch (error) {
        log.warn({ err: error, channelId }, 'could not read how a channel stands')
      }
    }
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
      if (event.eventName === 'ChannelOpened') recordOpened(ledger, policy, event)
      const channelId = 'channelId' in event.args ? event.args.channelId : undefined
      if (channelId === undefined || ledger.channel(channelId) === undefined) continue
      if (event.eventName === 'CloseRequested') {
        ledger.recordClosing(channelId, event.args.closesAt)
        claim(channelId)
        continue
      }
      if (event.eventName === 'ChannelClosed') ledger.recordClosing(channelId, CLOSED_AT)
      void refresh([channelId])
    }
  })
  const unsubscribeReorg = chain.watcher.onReorg(() => {
    const live = ledger.channels().filter(({ closesAt }) => closesAt !== CLOSED_AT)
    void refresh(live.map(({ channelId }) => channelId))
  })
  return () => {
    clearInterval(timer)
    unsubscribe()
    unsubscribeReorg()
  }
}

type OpenedEvent = Extract<ChainEvent, { eventName: 'ChannelOpened' }>

/**
 * Writes down a channel to this node that it does not know of, as when its process ended while it opened one. Anybody may
 * open channels to anybody: those in another token or with too short a challenge are none that this node sells for.
 */
function recordOpened(ledger: Ledger, policy: FollowChannelsOptions['policy'], { args }: OpenedEvent): void {
  const { channelId, payer, payee, token, qx, qy, salt, deposit, challenge } = args
  if (!sameHex(payee, policy.payee) || !sameHex(token, policy.token) || challenge < policy.challenge) return
  if (ledger.channel(channelId) !== undefined) return
  const descriptor = { payer, payee, token, session: { qx, qy }, salt }
  ledger.recordOpen(channelId, descriptor, { deposit, claimed: 0n, closesAt: 0n, challenge })
}
