import { join } from 'node:path'
import { buildOnce, ROOT } from './build-once.ts'

/** Where the built subgraph lies. */
export const SUBGRAPH_DIRECTORY = join(ROOT, 'subgraph/build')

/** Compiles the subgraph's mappings, unless the last build had the same inputs. */
export function buildSubgraph(signal: AbortSignal): Promise<void> {
  return buildOnce(
    {
      name: 'The subgraph',
      workspace: '@sluice/subgraph',
      inputs: ['subgraph/{src,abis,generated}/**/*', 'subgraph/*.{json,graphql,yaml}', 'package-lock.json'],
      stamp: 'subgraph/build/sluice-build',
    },
    signal,
  )
}
