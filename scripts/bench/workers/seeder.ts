import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { Connection, Stream } from '@libp2p/interface'
import { parseEther, zeroAddress } from 'viem'
import type { Address } from 'viem'
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
import type { Store } from '../../../node/src/store/index.ts'
import { createMemoryChain, DOMAIN } from '../../../node/src/testing/exchange.ts'
import { quiet } from '../../../node/src/testing/peers.ts'
import { DEFAULT_CLAIM_POLICY } from '../../../sdk/src/channel/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { sealIntoStore } from '../support/sealed-content.ts'
import type { StoredSample } from '../support/sealed-content.ts'
import { serveHttp, serveRawStreams, serveTls } from './raw-servers.ts'
import { shapeChannel } from './shaped-channel.ts'
import type { Shape } from './shaped-channel.ts'
import { payeeOf, PEER_OPTIONS, PRICE, UNPAID_PROTOCOL, WALLETS } from './transfer-terms.ts'

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

/** One address has a quarter of the places, and everyone here is at the same. */
const EXCHANGE_LIMITS = { maxSockets: 1024, limiter: createRateLimiter(100_000) }

let shape: Shape = {}

function openStoreOf(directory: string, bytes: number): Promise<Store> {
  return openStore({ directory, quotaBytes: 4 * bytes + 2 ** 30, reserveBytes: 0 })
}

/** Seals a content into a directory, which may then be copied: one content for several seeders. */
async function seal(directory: string, bytes: number): Promise<StoredSample> {
  const store = await openStoreOf(directory, bytes)
  const content = await sealIntoStore(store, bytes)
  await store.close()
  return content
}

/** Serves what was sealed into a directory. */
async function serve(directory: string, content: StoredSample, seeder = 0): Promise<SeederInfo> {
  const store = await openStoreOf(directory, content.leafBytes)
  const identity = await generateKeyPair('Ed25519')
  const host = await createHost({ identity, p2p: PEER_OPTIONS, version: 'bench' })
  const peerId = host.peerId.toString()
  const components = {
    store,
    payee: payeeOf(seeder),
    identity: { peerId, sign: (digest: Uint8Array) => identity.sign(digest) },
  }
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

type Parts = Pick<SliceComponents, 'store' | 'identity' | 'ledger'> & { readonly payee: Address }

function createService({ payee, ...parts }: Parts, price: bigint): SliceService {
  return createSliceService({
    ...parts,
    entitlements: {
      check: async () => [{ first: 0, last: 2 ** 20 - 1 }],
      publicSlices: () => [],
      creatorOf: async () => undefined,
      onChange: () => () => undefined,
    },
    sessions: { expiry: async () => 2n ** 40n },
    chain: createMemoryChain(new Map(WALLETS.map((wallet) => [wallet, parseEther('1000')]))),
    policy: {
      ...DEFAULT_SLICE_POLICY,
      payee,
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
    service.serve(shapeChannel(libp2pFrameChannel(stream), shape), {
      transport: 'libp2p',
      addressPrefix: addressPrefix(ipOf(remoteAddr)),
      peerId: remotePeer.toString(),
    })
}

async function serveExchange(service: SliceService): Promise<string> {
  const listener = await bindListener('127.0.0.1', 0)
  const sockets = acceptExchangeSockets({
    ...EXCHANGE_LIMITS,
    listener,
    serve: (socket, { addressPrefix, stream }) =>
      service.serve(wsFrameChannel(socket, stream), { transport: 'ws', addressPrefix }),
  })
  listener.server.on('request', ({ url = '' }, response) => {
    if (!sockets.attachStream(url.slice('/exchange/'.length), response)) response.writeHead(404).end()
  })
  return `${listener.origin.replace('http', 'ws')}/exchange`
}

const commands = {
  seal,
  serve,
  start: async (directory: string, bytes: number): Promise<SeederInfo> =>
    serve(directory, await seal(directory, bytes)),
  /** How streams of libp2p that come from now on are served. */
  shape: async (next: Shape): Promise<void> => void (shape = next),
}
export type SeederCommands = typeof commands

answerCalls(commands)
