import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { publishContent } from '@sluice/sdk/chain'
import { createTestClient, http, keccak256, numberToHex, parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { startTestChain, testClients } from '../testing/chain.ts'
import type { TestChain } from '../testing/chain.ts'
import { createCleanup, quiet } from '../testing/peers.ts'
import { createChainClients } from './clients.ts'
import type { ChainEvent } from './chain-events.ts'
import { ChainWatcher } from './watcher.ts'

const cleanup = createCleanup()
let chain: TestChain
before(async () => {
  chain = await startTestChain(cleanup)
})
after(() => cleanup.run())

function config() {
  const { rpcUrl, chainId, contracts } = chain
  return { rpcUrl, chainId, contracts, pollIntervalMs: 20, confirmations: 1 }
}

async function startWatching(cursor: { block: bigint | undefined }) {
  const { publicClient } = testClients(chain, 1)
  const head = await publicClient.getBlockNumber()
  const watcher = new ChainWatcher(
    {
      client: publicClient,
      contracts: chain.contracts,
      pollIntervalMs: 20,
      cursor: { load: () => cursor.block, save: (block) => void (cursor.block = block) },
      log: quiet,
    },
    head,
  )
  cleanup.add(() => watcher.stop())
  return watcher
}

function publish(salt: number) {
  return publishContent(testClients(chain, 1).walletClient, {
    contracts: chain.contracts,
    salt: keccak256(numberToHex(salt)),
    metaHash: keccak256('0x01'),
    proofRoot: keccak256('0x02'),
    sliceCount: 1,
    kind: 'file',
  })
}

function nextEvent(watcher: ChainWatcher, name: ChainEvent['eventName']): Promise<ChainEvent> {
  return new Promise((resolve) => {
    const stop = watcher.onEvents((events) => {
      const event = events.find(({ eventName }) => eventName === name)
      if (event === undefined) return
      stop()
      resolve(event)
    })
  })
}

describe('chain', () => {
  it('tells each event once, and after a restart what it missed', async () => {
    const cursor: { block: bigint | undefined } = { block: undefined }
    const first = await startWatching(cursor)
    const told: string[] = []
    first.onEvents((events) => told.push(...events.map(({ eventName }) => eventName)))
    first.start()
    const seen = nextEvent(first, 'VersionPublished')
    await publish(1)
    await seen
    await first.stop()
    assert.deepEqual(told, ['ContentPublished', 'VersionPublished'])
    const { contentId } = await publish(2)
    const second = await startWatching(cursor)
    // Those of the overlap are told again.
    const missed = new Promise<void>((resolve) => {
      second.onEvents((events) => {
        if (events.some(({ args }) => 'contentId' in args && args.contentId === contentId)) resolve()
      })
    })
    second.start()
    await missed
    assert.equal(told.length, 2)
  })

  it('says so when blocks that it has told of are no longer on the chain', async () => {
    const node = createTestClient({ mode: 'hardhat', transport: http(chain.rpcUrl) })
    const watcher = await startWatching({ block: undefined })
    const snapshot = await node.snapshot()
    watcher.start()
    const seen = nextEvent(watcher, 'ContentPublished')
    await publish(3)
    await seen
    const reorganised = new Promise<void>((resolve) => watcher.onReorg(resolve))
    await node.revert({ id: snapshot })
    await reorganised
    const again = nextEvent(watcher, 'ContentPublished')
    await publish(4)
    await again
  })

  it('sends transactions of one wallet side by side, each with its own nonce', async () => {
    const operator = privateKeyToAccount(generatePrivateKey())
    const { publicClient, walletClient } = createChainClients(config(), operator)
    const hash = await testClients(chain, 0).walletClient.sendTransaction({
      to: operator.address,
      value: parseEther('1'),
      chain: null,
    })
    await publicClient.waitForTransactionReceipt({ hash })
    const published = await Promise.all(
      [11, 12, 13, 14].map((salt) =>
        publishContent(walletClient, {
          contracts: chain.contracts,
          salt: keccak256(numberToHex(salt)),
          metaHash: keccak256('0x01'),
          proofRoot: keccak256('0x02'),
          sliceCount: 1,
          kind: 'file',
        }),
      ),
    )
    assert.equal(new Set(published.map(({ contentId }) => contentId)).size, 4)
    assert.equal(await publicClient.getTransactionCount({ address: operator.address }), 4)
  })
})
