import { createSync } from '../src/chain/sync.ts'
import type { ChainSource } from '../src/chain/source.ts'
import { createHost } from '../src/host/index.ts'
import { readManifest } from '../src/host/manifest.ts'
import { parseSchema } from '../src/schema/index.ts'
import { openStore } from '../src/storage/store.ts'

/** A store at `path` that follows a chain, without a server. */
export function createIndexer(
  build: string,
  path: string,
  source: ChainSource,
  options: Pick<createSync.Options, 'steadyDepth' | 'keepBlocks' | 'rowsPerFlush'> = {},
) {
  const manifest = readManifest(build)
  const schema = parseSchema(manifest.schema)
  const store = openStore(path, schema, manifest.deploymentId, 100)
  const host = createHost({ manifest, schema, store, log: () => undefined })
  const sync = createSync({ source, host, store, ...options })
  return {
    store,
    host,
    sync,
    /** Steps until the store is where the chain is. */
    async settle(): Promise<void> {
      for (let steps = 0; steps < 10_000; steps += 1) if ((await sync.step()) === 'at head') return
      throw new Error('The indexer does not come to the head.')
    },
  }
}
