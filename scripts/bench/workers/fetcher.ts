import { get } from 'node:http'
import { join } from 'node:path'
import { connect as connectTls } from 'node:tls'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import { parseEther } from 'viem'
import { createPayerLedger, Ledger } from '../../../node/src/ledger/index.ts'
import { createHost } from '../../../node/src/net/index.ts'
import { libp2pFrameChannel, SLICE_PROTOCOL } from '../../../node/src/protocols/slice/index.ts'
import { DOMAIN } from '../../../node/src/testing/exchange.ts'
import { createDagReader, equalBytes, sha256 } from '../../../sdk/src/content/index.ts'
import { connectSource, connectWebSocket, createPayer, createSwarm } from '../../../sdk/src/exchange/index.ts'
import type { FrameChannel } from '../../../sdk/src/exchange/index.ts'
import { generateSession } from '../../../sdk/src/session/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { timed } from '../harness/statistics.ts'
import type { StoredSample } from '../support/sealed-content.ts'
import { RAW_PROTOCOL, TLS_KEY, TLS_OPTIONS } from './raw-servers.ts'
import type { SeederInfo } from './seeder.ts'
import { PEER_OPTIONS, PRICE, UNPAID_PROTOCOL, WALLET } from './transfer-terms.ts'

/** Ways to move a content's bytes from the seeder to here, each measured from asking to the last byte. */
export type Way = 'paid' | 'unpaid' | 'ws' | 'raw' | 'tls' | 'http'

/** Times the whole content is paid for out of one channel, so that none is opened or topped up while the clock runs. */
const ROUNDS_PAID = 64
const WINDOW = 32

let ways: Record<Way, () => Promise<unknown>> | undefined

/** Connects to a seeder; its ledger of what was promised is a file in `directory`. */
async function connect(seeder: SeederInfo, directory: string): Promise<void> {
  const host = await createHost({ identity: await generateKeyPair('Ed25519'), p2p: PEER_OPTIONS, version: 'bench' })
  const { remotePeer } = await host.dial(seeder.addresses.map((address) => multiaddr(address)))
  const { database } = new Ledger(join(directory, 'payer.db'))
  const payer = createPayer({
    wallet: WALLET,
    session: await generateSession(),
    domain: DOMAIN,
    ledger: createPayerLedger(database),
    available: async () => parseEther('1'),
  })
  const stream = (protocol: string) => host.dialProtocol(remotePeer, protocol)
  const fetch = async (channel: FrameChannel) => fetchAll(channel, seeder, payer)
  ways = {
    paid: async () => fetch(libp2pFrameChannel(await stream(SLICE_PROTOCOL))),
    unpaid: async () => fetch(libp2pFrameChannel(await stream(UNPAID_PROTOCOL))),
    ws: async () => fetch(await connectWebSocket(seeder.exchangeUrl)),
    raw: async () => {
      const raw = await stream(RAW_PROTOCOL)
      const bytes = counter(seeder.content.leafBytes)
      raw.addEventListener('message', ({ data }) => bytes.add(data.byteLength))
      raw.addEventListener('close', ({ error }) => error && bytes.fail(error))
      await bytes.complete
    },
    tls: () => readTls(seeder),
    http: () => readHttp(seeder),
  }
}

/** Milliseconds of one transfer. */
async function transfer(way: Way): Promise<number> {
  const move = ways?.[way]
  if (move === undefined) throw new Error('not connected')
  return timed(move)
}

/** Fetches every slice as a node's download does, verified against the content's DAG, and leaves when all is paid. */
async function fetchAll(
  channel: FrameChannel,
  { content, peerId }: SeederInfo,
  payer: ReturnType<typeof createPayer>,
): Promise<void> {
  const { sliceCount } = content
  const root = CID.parse(content.root)
  const source = await connectSource(channel, {
    peerId,
    root,
    sliceCount,
    domain: DOMAIN,
    payer,
    maxPrice: PRICE,
    expectedSlices: ROUNDS_PAID * sliceCount,
    verify: createVerifier(root, content),
  })
  const swarm = createSwarm({ mode: 'download', sliceCount, sources: [source], window: WINDOW })
  swarm.complete()
  let count = 0
  for await (const { bytes } of swarm.slices({ first: 0, last: sliceCount - 1 })) count += Number(bytes.length > 0)
  await swarm.close()
  if (count !== sliceCount || source.paid() !== BigInt(sliceCount) * source.price) throw new Error('not all was paid')
}

function createVerifier(root: CID, { sliceCount, leafBytes, nodes }: StoredSample) {
  const fetchBlock = async (cid: CID): Promise<Uint8Array> => nodes.get(cid.toString()) ?? new Uint8Array()
  const dag = createDagReader({ root, sliceCount, byteLength: leafBytes, fetchBlock })
  return async (index: number, bytes: Uint8Array): Promise<boolean> => {
    const [cid, digest] = await Promise.all([dag.leafCid(index), sha256(bytes)])
    return equalBytes(digest, cid.multihash.digest)
  }
}

function readTls({ tlsPort, content }: SeederInfo): Promise<void> {
  const pskCallback = () => ({ psk: TLS_KEY, identity: 'bench' })
  const bytes = counter(content.leafBytes)
  const options = {
    ...TLS_OPTIONS,
    host: '127.0.0.1',
    port: tlsPort,
    pskCallback,
    checkServerIdentity: () => undefined,
  }
  connectTls(options)
    .on('data', (chunk: Buffer) => bytes.add(chunk.length))
    .on('error', bytes.fail)
  return bytes.complete
}

function readHttp({ httpPort, content }: SeederInfo): Promise<void> {
  const bytes = counter(content.leafBytes)
  get({ host: '127.0.0.1', port: httpPort }, (response) => {
    response.on('data', (chunk: Buffer) => bytes.add(chunk.length)).on('error', bytes.fail)
  }).on('error', bytes.fail)
  return bytes.complete
}

/** Resolves when `expected` bytes have been added. */
function counter(expected: number) {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let count = 0
  const add = (bytes: number): void => {
    count += bytes
    if (count >= expected) resolve()
  }
  return { add, fail: reject, complete: promise }
}

const commands = { connect, transfer }
export type FetcherCommands = typeof commands

answerCalls(commands)
