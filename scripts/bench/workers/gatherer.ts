import type { Host } from '../../../node/src/net/index.ts'
import { libp2pFrameChannel, SLICE_PROTOCOL } from '../../../node/src/protocols/slice/index.ts'
import { connectWebSocket } from '../../../sdk/src/exchange/index.ts'
import type { FrameChannel, Source, Swarm } from '../../../sdk/src/exchange/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { timed } from '../harness/statistics.ts'
import { createBuyer, createCaller, dialSeeder, fetchSlices } from './buyer.ts'
import type { Buyer } from './buyer.ts'
import type { SeederInfo } from './seeder.ts'
import { WALLETS } from './transfer-terms.ts'

/** A process with one or more who pay some seeders of one content. */

const buyers: Buyer[] = []
let seeders: readonly SeederInfo[] = []
let met: readonly (readonly Source[])[] = []
let host: Host | undefined

export type Connecting = {
  /** Of those who pay, by number. */
  readonly wallets: readonly number[]
  /** Streams of one connection to each seeder, or a WebSocket each time, as pages have it. */
  readonly over: 'libp2p' | 'ws'
}

/** Creates the buyers; over libp2p, it connects to every seeder now. */
async function connect(all: readonly SeederInfo[], directory: string, { wallets, over }: Connecting): Promise<void> {
  seeders = all
  for (const at of wallets) {
    const wallet = WALLETS[at]
    if (wallet === undefined) throw new RangeError(`there is no wallet ${at}`)
    buyers.push(await createBuyer(directory, wallet))
  }
  if (over === 'ws') return
  host = await createCaller()
  for (const seeder of all) await dialSeeder(host, seeder)
}

async function openChannel(seeder: SeederInfo): Promise<FrameChannel> {
  if (host === undefined) return connectWebSocket(seeder.exchangeUrl)
  return libp2pFrameChannel(await host.dialProtocol(await dialSeeder(host, seeder), SLICE_PROTOCOL))
}

/** Has every buyer agree on terms with some of the seeders, by number. */
async function meet(from: readonly number[]): Promise<void> {
  const chosen = seeders.filter((_, at) => from.includes(at))
  const meetOne = async (buyer: Buyer, seeder: SeederInfo) => buyer.connect(seeder, await openChannel(seeder))
  met = await Promise.all(buyers.map((buyer) => Promise.all(chosen.map((seeder) => meetOne(buyer, seeder)))))
}

/** Has every buyer fetch the whole content from whom it met, all at once. Returns each one's milliseconds to the last slice. */
async function gather(): Promise<number[]> {
  const [seeder] = seeders
  if (seeder === undefined) throw new Error('nobody is asked')
  const swarms: Swarm[] = []
  const gatherOne = async (sources: readonly Source[]) => swarms.push(await fetchSlices(sources, seeder.content))
  const times = await Promise.all(met.map((sources) => timed(() => gatherOne(sources))))
  await Promise.all(swarms.map((swarm) => swarm.close()))
  return times
}

const commands = { connect, meet, gather }
export type GathererCommands = typeof commands

answerCalls(commands)
