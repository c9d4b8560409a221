import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { numberToHex } from 'viem'
import type { Hex } from 'viem'
import { BUILD_DIRECTORY, buildSubgraph } from '../../../scripts/dev-network/subgraph.ts'
import type { LogFilter, RpcBlock, RpcLog } from '../../../subgraph/runner/src/chain/types.ts'
import { createExecutor } from '../../../subgraph/runner/src/graphql/index.ts'
import { createHost, readManifest } from '../../../subgraph/runner/src/host/index.ts'
import { parseSchema } from '../../../subgraph/runner/src/schema/index.ts'
import { openStore } from '../../../subgraph/runner/src/storage/store.ts'
import type { Ask } from './books.ts'
import type { World } from './world.ts'

const DEPLOYMENT = 'e2e'

/**
 * The built subgraph in this process: whoever asks is answered as of the chain's last block,
 * without waiting for anything.
 */
export async function startIndexer({ publicClient }: World) {
  await buildSubgraph(new AbortController().signal)
  const directory = await mkdtemp(join(tmpdir(), 'sluice-index-'))
  const path = join(directory, 'index.sqlite')
  const manifest = readManifest(BUILD_DIRECTORY)
  const schema = parseSchema(manifest.schema)
  const store = openStore(path, schema, DEPLOYMENT)
  const host = createHost({
    manifest,
    schema,
    store,
    log: (level, message) => assert.notEqual(level, 'error', message),
  })

  const request = (method: string, params: readonly unknown[]) =>
    publicClient.request({ method, params } as unknown as Parameters<typeof publicClient.request>[0])
  const logsOf = async (block: Hex, { addresses, topics }: LogFilter) =>
    (await request('eth_getLogs', [
      { fromBlock: block, toBlock: block, address: addresses, topics: [topics] },
    ])) as RpcLog[]

  let next = 0
  async function index(number: number): Promise<void> {
    const hex = numberToHex(number)
    const block = (await request('eth_getBlockByNumber', [hex, true])) as unknown as RpcBlock
    const logs = (await Promise.all(host.filters(number, number).map((filter) => logsOf(hex, filter)))).flat()
    logs.sort((a, b) => Number(a.logIndex) - Number(b.logIndex))
    // No template creates a data source, so that no handler asks for more logs.
    await host.process({ block, logs }, () => Promise.resolve([]))
  }
  async function catchUp(): Promise<void> {
    const head = Number(await publicClient.getBlockNumber({ cacheTime: 0 }))
    for (; next <= head; next++) await index(next)
    store.flush()
  }

  await catchUp()
  const database = new DatabaseSync(path, { readOnly: true })
  const blocks = { head: store.head, byHash: () => undefined, earliest: store.earliestBlock }
  const executor = createExecutor({ database, schema, blocks, deployment: DEPLOYMENT })
  const ask: Ask = async <data>(query: string) => {
    await catchUp()
    const answer = executor.execute({ query })
    if ('errors' in answer) throw new Error(answer.errors.map(({ message }) => message).join('; '))
    // As a client gets it.
    return JSON.parse(JSON.stringify(answer.data)) as data
  }
  return {
    ask,
    async close(): Promise<void> {
      database.close()
      store.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
