import { randomBytes } from 'node:crypto'
import { bytesToHex, createWalletClient, http } from 'viem'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { hardhat } from 'viem/chains'
import { contentId, metaHashRegistryAbi } from '../../sdk/src/chain/index.ts'
import { devAccount } from '../dev-network/accounts.ts'
import { startChain } from '../dev-network/chain.ts'
import { buildSubgraph, startIndex } from '../dev-network/subgraph.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { median } from './harness/statistics.ts'

const RUNS = 30
const LIMIT_MS = 300_000
const QUERY = 'query ($id: ID!) { content(id: $id) { id } }'

/** From the block that holds a transaction to the query that shows it, on the dev network's chain and index. */
export const indexLatency: Measurement = {
  names: ['index.latency'],
  limitMs: LIMIT_MS,
  async run(bench) {
    const { publish, isVisible } = await start(bench)
    const times: number[] = []
    for (let run = 0; run <= RUNS; run += 1) {
      const id = await publish()
      const mined = performance.now()
      while (!(await isVisible(id))) bench.signal.throwIfAborted()
      // The first one warms up.
      if (run > 0) times.push(performance.now() - mined)
    }
    return [{ name: 'index.latency', value: median(times), unit: 'ms' }]
  },
}

async function start(bench: Bench) {
  await buildSubgraph(bench.signal)
  const chain = await startChain()
  bench.cleanup(() => chain.stop())
  const index = await startIndex(chain, await bench.directory())
  bench.cleanup(() => index.stop())
  const account = privateKeyToAccount(devAccount('creator').privateKey)
  const wallet = createWalletClient({ account, chain: hardhat, transport: http(chain.rpcUrl) })

  /** Resolves when the transaction is mined: this chain mines each as it comes. */
  const publish = async (): Promise<Hex> => {
    const [salt, metaHash, proofRoot] = [random(), random(), random()]
    const args = [salt, metaHash, proofRoot, 1, 0] as const
    await wallet.writeContract({
      address: chain.contracts.registry,
      abi: metaHashRegistryAbi,
      functionName: 'publish',
      args,
    })
    return contentId(account.address, salt)
  }
  const isVisible = async (id: Hex): Promise<boolean> => {
    const response = await fetch(index.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: QUERY, variables: { id } }),
    })
    const { data, errors } = (await response.json()) as { data?: { content: unknown }; errors?: unknown }
    // Before its first block the index has nothing to answer from.
    if (errors !== undefined && data?.content === undefined) return false
    return data?.content !== null && data?.content !== undefined
  }
  return { publish, isVisible }
}

function random(): Hex {
  return bytesToHex(randomBytes(32))
}
