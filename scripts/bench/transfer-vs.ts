import type { Measurement } from './harness/measurement.ts'
import { missingProjects, startHelias, startTorrents } from './support/other-projects.ts'
import { compareRates, rateOf } from './support/rates.ts'
import { writeSampleFile } from './support/sample-file.ts'
import { startTransfers, TRANSFER_BYTES } from './support/transfers.ts'
import { takeTurns } from './support/turns.ts'

const RUNS = 5
const LIMIT_MS = 900_000

/** Ours first; the others by what they are called in names. */
const WAYS = ['paid', 'ws', 'webtorrent', 'helia', 'raw', 'tls', 'http'] as const
const PEERS = {
  webtorrent: 'WebTorrent over TCP',
  helia: 'Helia bitswap',
  raw: 'raw libp2p stream',
  tls: 'node:tls',
  http: 'node:http',
} as const

/** Which of our ways each is compared with. */
const OURS = { webtorrent: 'ws', helia: 'ws', raw: 'paid', tls: 'paid', http: 'ws' } as const

type Peer = keyof typeof PEERS
const peers = Object.keys(PEERS) as Peer[]

/**
 * Paid, entitled, verified slices over the WebSocket, which a node uses where the seeder has one, against other
 * projects; over libp2p against the bare stream; all in turn in one run.
 */
export const transferVs: Measurement = {
  names: [...peers.map((peer) => `transfer.vs.${peer}`), ...WAYS.map(rateName)],
  limitMs: LIMIT_MS,
  missing: missingProjects,
  async run(bench) {
    const file = await writeSampleFile(await bench.directory(), TRANSFER_BYTES)
    const others = { webtorrent: await startTorrents(bench, file), helia: await startHelias(bench, file) }
    const { bytes, transfer } = await startTransfers(bench)
    // What is sealed has 16 bytes more in each slice; the others' times are stretched to as many.
    const stretch = bytes / file.bytes
    const times = await takeTurns(RUNS, WAYS, async (way) =>
      way === 'webtorrent' || way === 'helia' ? stretch * (await others[way]()) : transfer(way),
    )
    return [
      ...peers.map((peer) =>
        compareRates(`transfer.vs.${peer}`, bytes, times[OURS[peer]], { peer: PEERS[peer], times: times[peer] }),
      ),
      ...WAYS.map((way) => rateOf(rateName(way), bytes, times[way])),
    ]
  },
}

function rateName(way: (typeof WAYS)[number]): string {
  return `transfer.vs.rate.${way === 'paid' ? 'sluice' : way === 'ws' ? 'sluice-ws' : way}`
}
