import { peerIdFromString } from '@libp2p/peer-id'
import { SluiceError } from '@sluice/sdk'
import { isEntitledBy, readSessionExpiry } from '@sluice/sdk/chain'
import type { Network } from '@sluice/sdk/client'
import { generateKeeperKey } from '@sluice/sdk/key'
import type { Hex } from 'viem'
import type { NodeChain } from '../chain/index.ts'
import type { NodeConfig } from '../config.ts'
import { createKeepers, keepersCid, serveKeeperStatement } from '../discovery/index.ts'
import type { Discovery } from '../discovery/index.ts'
import { loadKeeperSecret } from '../keystore/index.ts'
import type { Keystore } from '../keystore/index.ts'
import type { Log } from '../log.ts'
import { urlOfMultiaddrs } from '../net/index.ts'
import type { Host } from '../net/index.ts'
import { createKeyService, requestShare, serveKeys } from '../protocols/key/index.ts'
import type { KeeperChain, KeyService } from '../protocols/key/index.ts'

export type KeepingOptions = {
  readonly config: NodeConfig
  readonly log: Log
  readonly host: Host
  readonly keystore: Keystore
  readonly chain: NodeChain
  readonly discovery: Discovery
}

/** A node's dealings with keepers, itself among them if that is its role. */
export type Keeping = Pick<Network, 'findKeepers' | 'requestShare'> & {
  readonly keeperKey: Hex | undefined
  stop(): Promise<void>
}

const SHARE_TIMEOUT_MS = 15_000

export async function startKeeping(options: KeepingOptions): Promise<Keeping> {
  const { config, host, discovery } = options
  const { chainId, contracts } = config.chain
  const keeper = config.roles.includes('keeper') ? await startKeeper(options) : undefined
  const own = keeper?.service.info()
  const findKeepers = createKeepers({
    host,
    discovery,
    chainId,
    contentKeys: contracts.keys,
    ...(own === undefined ? {} : { own: { ...own, ...withUrl(host) } }),
  })
  return {
    keeperKey: own?.publicKey,
    findKeepers: ({ signal }) => findKeepers(signal),
    async requestShare(peerId, request, { signal }) {
      if (peerId === own?.peerId && keeper !== undefined) return keeper.service.answer(request, { caller: 'local' })
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(SHARE_TIMEOUT_MS)])
      return requestShare(host, parsePeerId(peerId), request, { signal: bounded })
    },
    async stop() {
      await keeper?.stop()
    },
  }
}

type RunningKeeper = { readonly service: KeyService; stop(): Promise<void> }

async function startKeeper({ config, log, host, keystore, chain, discovery }: KeepingOptions): Promise<RunningKeeper> {
  const { chainId, contracts } = config.chain
  const service = createKeyService({
    keeperKey: await loadKeeperSecret(keystore, generateKeeperKey),
    peerId: host.peerId.toString(),
    domain: { chainId, channels: contracts.channels },
    contentKeys: contracts.keys,
    chain: createKeeperChain(chain, config.chain),
    log,
  })
  const stopServing = await serveKeys({ host, service, log })
  const stopTelling = await serveKeeperStatement(host, service.info(), log)
  discovery.announce(await keepersCid(chainId, contracts.keys))
  return {
    service,
    async stop() {
      await Promise.all([stopServing(), stopTelling()])
    },
  }
}

/** Reads at the configured depth: a share cannot be taken back when a shallow block is. */
function createKeeperChain(
  { publicClient }: NodeChain,
  { contracts, confirmations }: NodeConfig['chain'],
): KeeperChain {
  const settled = async (): Promise<bigint | undefined> =>
    confirmations === 1 ? undefined : (await publicClient.getBlockNumber()) - BigInt(confirmations - 1)
  return {
    isEntitledBy: async (editionId, holder) =>
      isEntitledBy(publicClient, { contracts, editionId, holder, blockNumber: await settled() }),
    sessionExpiry: async (payer, session) =>
      readSessionExpiry(publicClient, { contracts, payer, session, blockNumber: await settled() }),
  }
}

function withUrl(host: Host): { url?: string } {
  const url = urlOfMultiaddrs(host.getMultiaddrs())
  return url === undefined ? {} : { url }
}

function parsePeerId(text: string): ReturnType<typeof peerIdFromString> {
  try {
    return peerIdFromString(text)
  } catch (cause) {
    throw new SluiceError('BAD_INPUT', 'Not a peer id.', { cause })
  }
}
