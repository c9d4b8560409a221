import type { Connection, Stream } from '@libp2p/interface'
import { DEFAULT_CLAIM_POLICY } from '@sluice/sdk/channel'
import type { WebSocket } from 'ws'
import type { NodeChain } from '../chain/index.ts'
import type { NodeConfig } from '../config.ts'
import type { NodeKeys } from '../keystore/index.ts'
import type { Ledger } from '../ledger/index.ts'
import type { Log } from '../log.ts'
import { addressPrefix, ipOf } from '../net/index.ts'
import type { Host } from '../net/index.ts'
import {
  createChannelActions,
  createSliceService,
  DEFAULT_SLICE_POLICY,
  libp2pFrameChannel,
  SLICE_PROTOCOL,
  wsFrameChannel,
} from '../protocols/slice/index.ts'
import type { SliceMetrics, SlicePolicy, SliceService } from '../protocols/slice/index.ts'
import type { SocketRemote } from '../public/index.ts'
import type { Store } from '../store/index.ts'
import { claimEarnings } from './claim-earnings.ts'
import { followChannels } from './follow-channels.ts'

export type SlicesOptions = {
  readonly config: NodeConfig
  readonly log: Log
  readonly keys: NodeKeys
  readonly store: Store
  readonly ledger: Ledger
  readonly chain: NodeChain
  readonly host: Host
  readonly metrics: SliceMetrics
}

export type Slices = {
  readonly service: SliceService
  readonly policy: SlicePolicy
  /** Serves one WebSocket of the public listener until it ends. */
  serveSocket(socket: WebSocket, remote: SocketRemote): Promise<void>
  stop(): Promise<void>
}

const STREAMS_PER_CONNECTION = 8

/** Sells slices over libp2p and WebSockets, and follows on chain what becomes of the channels. */
export async function startSlices(options: SlicesOptions): Promise<Slices> {
  const { config, log, keys, store, ledger, chain, host, metrics } = options
  const { chainId, contracts, confirmations } = config.chain
  const policy = policyOf(config, keys)
  const actions = createChannelActions(chain.walletClient, { contracts, confirmations })
  const service = createSliceService({
    store,
    ledger,
    entitlements: chain.entitlements,
    sessions: chain.sessions,
    chain: actions,
    identity: { peerId: host.peerId.toString(), sign: (bytes) => keys.identity.sign(bytes) },
    policy,
    domain: { chainId, channels: contracts.channels },
    log,
    metrics,
  })
  const onStream = (stream: Stream, { remotePeer, remoteAddr }: Connection): Promise<void> =>
    service.serve(libp2pFrameChannel(stream), {
      transport: 'libp2p',
      addressPrefix: addressPrefix(ipOf(remoteAddr)),
      peerId: remotePeer.toString(),
    })
  await host.handle(SLICE_PROTOCOL, onStream, { maxInboundStreams: STREAMS_PER_CONNECTION })
  const unfollow = followChannels({ chain, ledger, service, policy, standing: actions.standing, log })
  const stopClaiming = claimEarnings(service, log)
  return {
    service,
    policy,
    serveSocket: (socket, { addressPrefix, stream }) =>
      service.serve(wsFrameChannel(socket, stream), { transport: 'ws', addressPrefix }),
    async stop() {
      stopClaiming()
      unfollow()
      await host.unhandle(SLICE_PROTOCOL)
      await service.stop()
    },
  }
}

function policyOf({ price, exchange, limits }: NodeConfig, { operator }: NodeKeys): SlicePolicy {
  return {
    ...DEFAULT_SLICE_POLICY,
    payee: operator.address,
    token: price.token,
    price: price.amount,
    creditSlices: exchange.creditSlices,
    challenge: exchange.challengeSeconds,
    minChannelFactor: BigInt(exchange.minChannelFactor),
    maxConnections: limits.maxExchanges,
    claim: DEFAULT_CLAIM_POLICY,
    rate: { wei: 1n, unit: 1n },
  }
}
