import { join } from 'node:path'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { PeerId } from '@libp2p/interface'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import { parseEther } from 'viem'
import type { Address } from 'viem'
import { createPayerLedger, Ledger } from '../../../node/src/ledger/index.ts'
import { createHost } from '../../../node/src/net/index.ts'
import type { Host } from '../../../node/src/net/index.ts'
import { DOMAIN } from '../../../node/src/testing/exchange.ts'
import { createVerifiers } from '../../../sdk/src/client/index.ts'
import type { HashSlice } from '../../../sdk/src/client/index.ts'
import { discard } from '../../../sdk/src/content/index.ts'
import { connectSource, createPayer, createSwarm } from '../../../sdk/src/exchange/index.ts'
import type { FrameChannel, Source, Swarm } from '../../../sdk/src/exchange/index.ts'
import { generateSession } from '../../../sdk/src/session/index.ts'
import type { StoredSample } from '../support/sealed-content.ts'
import type { SeederInfo } from './seeder.ts'
import { PEER_OPTIONS, PRICE } from './transfer-terms.ts'

/** Times the whole content is paid for out of one channel, so that none is opened or topped up while the clock runs. */
const ROUNDS_PAID = 64

const { signal } = new AbortController()

/** One who pays: a session and a ledger of what was promised. */
export type Buyer = {
  /** Says Hello to a seeder and agrees on terms. */
  connect(seeder: SeederInfo, channel: FrameChannel, hash?: HashSlice): Promise<Source>
}

/** Creates one; its ledger is a file in `directory` named after `wallet`. */
export async function createBuyer(directory: string, wallet: Address): Promise<Buyer> {
  const { database } = new Ledger(join(directory, `${wallet}.db`))
  const payer = createPayer({
    wallet,
    session: await generateSession(),
    domain: DOMAIN,
    ledger: createPayerLedger(database),
    available: async () => parseEther('1'),
  })
  return {
    connect: (seeder, channel, hash) => {
      const { content, peerId } = seeder
      const root = CID.parse(content.root)
      return connectSource(channel, {
        peerId,
        root,
        sliceCount: content.sliceCount,
        domain: DOMAIN,
        payer,
        maxPrice: PRICE,
        expectedSlices: ROUNDS_PAID * content.sliceCount,
        verify: verifierOf(root, content, hash),
      })
    },
  }
}

/** A host to reach seeders over libp2p. */
export async function createCaller(): Promise<Host> {
  return createHost({ identity: await generateKeyPair('Ed25519'), p2p: PEER_OPTIONS, version: 'bench' })
}

/** Connects to a seeder's host, unless that stands. */
export async function dialSeeder(host: Host, { addresses }: SeederInfo): Promise<PeerId> {
  return (await host.dial(addresses.map((address) => multiaddr(address)))).remotePeer
}

/** Fetches every slice as a node's download does, verified against the content's DAG. */
export async function fetchSlices(sources: readonly Source[], { sliceCount }: StoredSample): Promise<Swarm> {
  const swarm = createSwarm({ mode: 'download', sliceCount, sources })
  swarm.complete()
  let count = 0
  for await (const { bytes } of swarm.slices({ first: 0, last: sliceCount - 1 })) {
    count += Number(bytes.length > 0)
    discard(bytes)
  }
  if (count !== sliceCount) throw new Error(`${count} of ${sliceCount} slices came`)
  return swarm
}

function verifierOf(root: CID, { sliceCount, leafBytes, nodes }: StoredSample, hash?: HashSlice) {
  const fetchBlock = async (cid: CID): Promise<Uint8Array> => nodes.get(cid.toString()) ?? new Uint8Array()
  return createVerifiers({ network: { fetchBlock } }, { root, sliceCount, leafBytes }, signal)(hash)
}
