import { createPublicClient, http } from 'viem'
import { createMemoryPayerLedger } from '@sluice/sdk/channel'
import { createHttpNetwork, parseContentReference, resolveContent, unlockContent } from '@sluice/sdk/client'
import { generateSession } from '@sluice/sdk/session'
import type { Measurement } from './harness/measurement.ts'
import { median, timedRuns } from './harness/statistics.ts'
import { apiOf, startNetwork } from './support/dev-network.ts'
import { buyAndFund, findKeepers, publishSale, walletOf } from './support/sale.ts'

/** Below what a keeper grants one holder an hour. */
const RUNS = 9
const BYTES = 1_000_000

/** From a key in the wallet to the slices' keys in a page: chain reads, lockbox, two of three keepers and their proofs. */
export const keyOpen: Measurement = {
  names: ['key.open'],
  async run(bench) {
    const { signal } = bench
    const network = await startNetwork(bench)
    const { rpcUrl, chainId, contracts } = network.chain
    const place = { chain: network.chain, publicUrl: network.node('creator').node.publicUrl }
    const keepers = await findKeepers(place, signal)
    const published = await publishSale(apiOf(network, 'creator'), place, { bytes: BYTES, keepers })
    const wallet = walletOf('consumer', network.chain)
    const session = await generateSession()
    await buyAndFund(wallet, place, published, session.publicKey)

    const reader = {
      network: createHttpNetwork({ origin: network.node('consumer').node.publicUrl }),
      chain: createPublicClient({ transport: http(rpcUrl) }),
      chainId,
      contracts,
    }
    const consumer = { session, wallet: wallet.account.address, payerLedger: createMemoryPayerLedger() }
    const content = await resolveContent(reader, parseContentReference(published.contentId), { signal })
    const times = await timedRuns(RUNS, () => unlockContent(reader, consumer, content, { signal }))
    return [{ name: 'key.open', value: median(times), unit: 'ms' }]
  },
}
