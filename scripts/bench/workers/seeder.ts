import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Stream } from '@libp2p/interface'
import { parseEther, zeroAddress } from 'viem'
import { bindListener } from '../../../node/src/http/index.ts'
import { Ledger } from '../../../node/src/ledger/index.ts'
import { addressPrefix, createHost, createRateLimiter, ipOf } from '../../../node/src/net/index.ts'
import {
  createSliceService,
  DEFAULT_SLICE_POLICY,
  libp2pFrameChannel,
  SLICE_PROTOCOL,
  wsFrameChannel,
} from '../../../node/src/protocols/slice/index.ts'
import type { SliceComponents, SliceService } from '../../../node/src/protocols/slice/index.ts'
import { acceptExchangeSockets } from '../../../node/src/public/index.ts'
import { openStore } from '../../../node/src/store/index.ts'
import { createMemoryChain, DOMAIN } from '../../../node/src/testing/exchange.ts'
import { quiet } from '../../../node/src/testing/peers.ts'
import { DEFAULT_CLAIM_POLICY } from '../../../sdk/src/channel/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { sealIntoStore } from '../support/sealed-content.ts'
import type { StoredSample } from '../support/sealed-content.ts'
import { serveHttp, serveRawStreams, serveTls } from './raw-servers.ts'
import { PAYEE, PEER_OPTIONS, PRICE, UNPAID_PROTOCOL, WALLET } from './transfer-terms.ts'

/**
 * A seeder with one content: its store, ledger, libp2p host, public listener and slice service are the node's own; only
 * the chain is a few maps, asked once a connection. Beside it the same transports without the exchange.
 */
export type SeederInfo = {
  readonly content: StoredSample
  readonly peerId: string
  readonly addresses: readonly string[]
  readonly exchangeUrl: string
  readonly httpPort: number
  readonly tlsPort: number
}

const EXCHANGE_LIMITS = { maxSockets: 64, limiter: createRateLimiter(100_000) }

async function start(directory: string, bytes: number): Promise<SeederInfo> {
  const store = await openStore({ directory, quotaBytes: 4 * bytes + 2 ** 30, reserveBytes: 0 })
  const content = await sealIntoStore(store, bytes)
  const identity = await generateKeyPair('Ed25519')
  const host = await createHost({ identity, p2p: PEER_OPTIONS, version: 'bench' })
  const peerId = host.peerId.toString()
  const components = { store, identity: { peerId, sign: (digest: Uint8Array) => identity.sign(digest) } }
  const paid = createService({ ...components, ledger: new Ledger(join(directory, 'ledger.db')) }, PRICE)
  const unpaid = createService({ ...components, ledger: new Ledger(':memory:') }, 0n)
  await host.handle(SLICE_PROTOCOL, serveStreams(paid))
  await host.handle(UNPAID_PROTOCOL, serveStreams(unpaid))
  await serveRawStreams(host, content.leafBytes)
  return {
    content,
    peerId,
    addresses: host.getMultiaddrs().map(String),
    exchangeUrl: await serveExchange(paid),
    httpPort: await serveHttp(content.leafBytes),
    tlsPort: await serveTls(content.leafBytes),
  }
}

function createService(parts: Pick<SliceComponents, 'store' | 'identity' | 'ledger'>, price: bigint): SliceService {
  return createSliceService({
    ...parts,
    entitlements: {
      check: async () => [{ first: 0, last: 2 ** 20 - 1 }],
      publicSlices: () => [],
      creatorOf: async () => undefined,
      onChange: () => () => undefined,
    },
    sessions: { expiry: async () => 2n ** 40n },
    chain: createMemoryChain(new Map([[WALLET, parseEther('1000')]])),
    policy: {
      ...DEFAULT_SLICE_POLICY,
      payee: PAYEE,
      token: zeroAddress,
      price,
      claim: DEFAULT_CLAIM_POLICY,
      rate: { wei: 1n, unit: 1n },
    },
    domain: DOMAIN,
    log: quiet,
  })
}

function serveStreams(service: SliceService) {
  return (stream: Stream, { remotePeer, remoteAddr }: Connection): Promise<void> =>
    service.serve(libp2pFrameChannel(stream), {
      transport: 'libp2p',
      addressPrefix: addressPrefix(ipOf(remoteAddr)),
      peerId: remotePeer.toString(),
    })
}

async function serveExchange(service: SliceService): Promise<string> {
  const listener = await bindListener('127.0.0.1', 0)
  acceptExchangeSockets({
    ...EXCHANGE_LIMITS,
    listener,
    serve: (socket, remote) => service.serve(wsFrameChannel(socket), { transport: 'ws', ...remote }),
  })
  return `${listener.origin.replace('http', 'ws')}/exchange`
}

const commands = { start }
export type SeederCommands = typeof commands

answerCalls(commands)
