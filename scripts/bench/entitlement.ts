import { createPublicClient, http } from 'viem'
import { createEntitlements } from '../../node/src/chain/entitlements.ts'
import { ChainWatcher } from '../../node/src/chain/watcher.ts'
import type { StoredContent } from '../../node/src/store/index.ts'
import { quiet } from '../../node/src/testing/peers.ts'
import { buyKey, createEdition, publishContent } from '../../sdk/src/chain/index.ts'
import type { DevChain } from '../dev-network/chain.ts'
import { startChain } from '../dev-network/chain.ts'
import type { Bench, Measurement } from './harness/measurement.ts'
import { median, timed } from './harness/statistics.ts'
import { SALE_TERMS, walletOf } from './support/sale.ts'

const SLICES = 1000
const CHECKS = 20_000
const RUNS = 7
const WORD = `0x${'5a'.repeat(32)}` as const
const ROOT = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'

/** What a seeder asks before it serves: whether a wallet may have slices, known already and asked of the chain. */
export const entitlement: Measurement = {
  names: ['entitlement.warm', 'entitlement.fresh'],
  async run(bench) {
    const chain = await startChain()
    bench.cleanup(() => chain.stop())
    const { content, wallet } = await sellOne(chain)
    const entitlements = await watch(bench, chain, content)
    const check = async (fresh: boolean): Promise<void> => {
      const [range] = await entitlements.check(ROOT, wallet, { fresh })
      if (range?.last !== SLICES - 1) throw new Error('the wallet should have everything')
    }
    const [fresh, warm]: [number[], number[]] = [[], []]
    for (let run = 0; run < RUNS; run += 1) {
      fresh.push(await timed(() => check(true)))
      const checks = await timed(async () => {
        for (let at = 0; at < CHECKS; at += 1) await check(false)
      })
      warm.push(checks / CHECKS)
    }
    return [
      { name: 'entitlement.warm', value: median(warm) * 1000, unit: 'µs' },
      { name: 'entitlement.fresh', value: median(fresh) * 1000, unit: 'µs' },
    ]
  },
}

/** A content with one edition, whose key the consumer holds. */
async function sellOne(chain: DevChain) {
  const { contracts } = chain
  const [creator, consumer] = [walletOf('creator', chain), walletOf('consumer', chain)]
  const version = { metaHash: WORD, proofRoot: WORD, sliceCount: SLICES }
  const { contentId } = await publishContent(creator, { contracts, salt: WORD, ...version, kind: 'media' })
  const sale = { contentId, editionSalt: WORD, version: 1, lockboxHash: WORD, terms: SALE_TERMS }
  const { editionId } = await createEdition(creator, { contracts, ...sale })
  await buyKey(consumer, { contracts, editionId, maxPrice: SALE_TERMS.price, epoch: 1 })
  const content: StoredContent = {
    root: ROOT,
    contentId,
    version: 1,
    chainKind: 'sealed',
    manifestCid: ROOT,
    title: '',
    mime: '',
    sliceCount: SLICES,
    byteLength: 0,
    origin: true,
    pinned: true,
    have: SLICES,
    usedAt: 0,
    scrubbedAt: 0,
    replicas: 0,
    offered: false,
  }
  return { content, wallet: consumer.account.address }
}

async function watch(bench: Bench, { rpcUrl, contracts }: DevChain, content: StoredContent) {
  const client = createPublicClient({ transport: http(rpcUrl), cacheTime: 0 })
  const cursor = { load: () => undefined, save: () => undefined }
  const options = { client, contracts, pollIntervalMs: 1000, cursor, log: quiet }
  const watcher = new ChainWatcher(options, await client.getBlockNumber())
  const store = {
    get: () => content,
    blocks: { get: async () => undefined, remove: () => undefined, put: async () => undefined, bytesFor: () => 0 },
  }
  const entitlements = createEntitlements({ client, contracts, watcher, store })
  watcher.start()
  bench.cleanup(() => watcher.stop())
  return entitlements
}
