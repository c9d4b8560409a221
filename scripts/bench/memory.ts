import type { Bench, Measurement, Result } from './harness/measurement.ts'
import { startWorker } from './harness/worker.ts'
import { apiOf, startNetwork } from './support/dev-network.ts'
import { downloadAll } from './support/download.ts'
import { watchMemory } from './support/process-memory.ts'
import { buyAndFund, findKeepers, walletOf } from './support/sale.ts'
import type { PublisherCommands } from './workers/publisher.ts'

/** How far a large file lifts a process above what it takes idle: to publish, to serve and to get it. */
export const memory: Measurement = {
  names: ['memory.publish', 'memory.publish.node', 'memory.serve', 'memory.get'],
  limitMs: 900_000,
  async run(bench) {
    const network = await startNetwork(bench)
    const creator = network.node('creator').node
    const consumer = network.node('consumer').node
    const { rpcUrl, chainId, contracts } = network.chain
    const place = { chain: { rpcUrl, chainId, contracts }, publicUrl: creator.publicUrl }

    // Stands for the command line.
    const publisher = startWorker<PublisherCommands>(bench, 'publisher')
    await publisher.call('ready')
    const keepers = await findKeepers(place, bench.signal)
    const [publishing, node] = [await watchMemory(publisher.pid), await watchMemory(creator.pid)]
    const api = { url: creator.apiUrl, token: creator.apiToken }
    const published = await publisher.call('publish', api, place, { bytes: bench.largeBytes, keepers })
    const publish = await publishing.growth()
    const receive = await node.growth()

    const wallet = walletOf('consumer', place.chain)
    const fetching = apiOf(network, 'consumer')
    await buyAndFund(wallet, place, published, (await fetching.status()).session)
    const getting = await watchMemory(consumer.pid)
    await node.reset()
    const request = { content: published.contentId, wallet: wallet.account.address }
    await fetchAll(bench, () => downloadAll(fetching, request, bench.signal))
    return [
      inMebibytes('memory.publish', publish),
      inMebibytes('memory.publish.node', receive),
      inMebibytes('memory.serve', await node.growth()),
      inMebibytes('memory.get', await getting.growth()),
    ]
  },
}

async function fetchAll({ largeBytes }: Bench, download: () => Promise<number>): Promise<void> {
  const bytes = await download()
  if (bytes !== largeBytes) throw new Error(`${bytes} of ${largeBytes} bytes came`)
}

function inMebibytes(name: string, bytes: number): Result {
  return { name, value: bytes / 2 ** 20, unit: 'MiB above idle' }
}
