import { get } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { createSliceHasher } from '../../../node/src/hashing/index.ts'
import { dialExchange } from '../../../node/src/net/index.ts'
import { libp2pFrameChannel, SLICE_PROTOCOL } from '../../../node/src/protocols/slice/index.ts'
import type { HashSlice } from '../../../sdk/src/client/index.ts'
import type { FrameChannel, Source } from '../../../sdk/src/exchange/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { timed } from '../harness/statistics.ts'
import { createBuyer, createCaller, dialSeeder, fetchSlices } from './buyer.ts'
import { RAW_PROTOCOL, TLS_KEY, TLS_OPTIONS } from './raw-servers.ts'
import type { SeederInfo } from './seeder.ts'
import { UNPAID_PROTOCOL, WALLETS } from './transfer-terms.ts'

/** Ways to move a content's bytes from the seeder to here, each measured from asking to the last byte. */
export type Way = 'paid' | 'unpaid' | 'ws' | 'raw' | 'tls' | 'http'

const { hash } = createSliceHasher()
const DIALLING = { privateNetwork: true, signal: new AbortController().signal, onClosed: () => undefined }

let ways: Record<Way, () => Promise<unknown>> | undefined

/** Connects to a seeder; its ledger of what was promised is a file in `directory`. */
async function connect(seeder: SeederInfo, directory: string): Promise<void> {
  const [wallet] = WALLETS
  if (wallet === undefined) throw new Error('nobody pays')
  const buyer = await createBuyer(directory, wallet)
  const host = await createCaller()
  const peer = await dialSeeder(host, seeder)
  const stream = (protocol: string) => host.dialProtocol(peer, protocol)
  const fetch = async (channel: FrameChannel, hash?: HashSlice) =>
    fetchAll(await buyer.connect(seeder, channel, hash), seeder)
  ways = {
    paid: async () => fetch(libp2pFrameChannel(await stream(SLICE_PROTOCOL))),
    unpaid: async () => fetch(libp2pFrameChannel(await stream(UNPAID_PROTOCOL))),
    ws: async () => fetch(await dialExchange(seeder.exchangeUrl, DIALLING), hash),
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

/** Fetches every slice and leaves when all is paid. */
async function fetchAll(source: Source, { content }: SeederInfo): Promise<void> {
  const swarm = await fetchSlices([source], content)
  await swarm.close()
  if (source.paid() !== BigInt(content.sliceCount) * source.price) throw new Error('not all was paid')
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
