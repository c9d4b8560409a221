import { noise } from '@libp2p/noise'
import { webSockets } from '@libp2p/websockets'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { CID } from 'multiformats/cid'
import { hexToBytes } from 'viem'
import type { Address, Hex } from 'viem'
import { createMemoryPayerLedger } from '../../../sdk/src/channel/index.ts'
import {
  coverRange,
  createDagReader,
  createSliceKeys,
  equalBytes,
  openSlice,
  sha256,
} from '../../../sdk/src/content/index.ts'
import { connectPageChannel, connectSource, createPayer, createSwarm } from '../../../sdk/src/exchange/index.ts'
import { generateSession } from '../../../sdk/src/session/index.ts'
import type { SessionDomain } from '../../../sdk/src/session/index.ts'

/** What the page is told of a seeder and its content. */
export type PageTask = {
  readonly peerId: string
  readonly exchangeUrl: string
  readonly webSocketAddress: string
  readonly rawProtocol: string
  readonly root: string
  readonly sliceCount: number
  readonly leafBytes: number
  readonly contentKey: Hex
  /** Nodes of the DAG by CID. */
  readonly nodes: readonly (readonly [cid: string, node: Hex])[]
  readonly wallet: Address
  readonly domain: SessionDomain
  /** Base units per slice. */
  readonly price: number
}

const ETHER = 10n ** 18n
const WINDOW = 32

/** Milliseconds from connecting until every slice is verified, decrypted and paid. */
async function buy(task: PageTask): Promise<number> {
  const { root: text, sliceCount, leafBytes, wallet, domain, peerId } = task
  const root = CID.parse(text)
  const nodes = new Map(task.nodes.map(([cid, node]) => [cid, hexToBytes(node)]))
  const fetchBlock = async (cid: CID): Promise<Uint8Array> => nodes.get(cid.toString()) ?? new Uint8Array()
  const dag = createDagReader({ root, sliceCount, byteLength: leafBytes, fetchBlock })
  const keys = createSliceKeys(coverRange(hexToBytes(task.contentKey), sliceCount, 0, sliceCount - 1))
  const session = await generateSession()
  const available = async () => ETHER
  const payer = createPayer({ wallet, session, domain, ledger: createMemoryPayerLedger(), available })
  const started = performance.now()
  const source = await connectSource(await connectPageChannel(task.exchangeUrl), {
    peerId,
    root,
    sliceCount,
    domain,
    payer,
    maxPrice: BigInt(task.price),
    verify: async (index, bytes) => equalBytes(await sha256(bytes), (await dag.leafCid(index)).multihash.digest),
  })
  const swarm = createSwarm({ mode: 'stream', sliceCount, sources: [source], window: WINDOW })
  swarm.complete()
  let count = 0
  for await (const { index, bytes } of swarm.slices({ first: 0, last: sliceCount - 1 })) {
    await openSlice({ key: keys.keyOf(index), index, sliceCount }, bytes)
    count += 1
  }
  await swarm.close()
  if (count !== sliceCount || source.paid() !== BigInt(sliceCount * task.price)) throw new Error('not all was paid')
  return performance.now() - started
}

/** Milliseconds in which as many bytes come over a stream of libp2p: WebSocket, noise, yamux. The connection stands. */
async function readStream({ webSocketAddress, rawProtocol, leafBytes }: PageTask): Promise<number> {
  const host = await createLibp2p({
    transports: [webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux({ streamOptions: { initialStreamWindowSize: 2 ** 20, maxStreamWindowSize: 2 ** 24 } })],
    connectionGater: { denyDialMultiaddr: () => false },
  })
  const connection = await host.dial(multiaddr(webSocketAddress))
  const started = performance.now()
  const stream = await connection.newStream(rawProtocol)
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let bytes = 0
  stream.addEventListener('message', ({ data }) => {
    bytes += data.byteLength
    if (bytes >= leafBytes) resolve()
  })
  stream.addEventListener('close', ({ error }) => error !== undefined && reject(error))
  await promise
  const milliseconds = performance.now() - started
  await host.stop()
  return milliseconds
}

const ways = { buy, readStream }
/** What the bench calls in the page. */
export type PageWays = typeof ways
Object.assign(globalThis, { ways })
