import { createNodeClient } from '@sluice/node/api/client'
import type { NodeClient } from '@sluice/node/api/client'
import { startDevNetwork } from '../../dev-network/dev-network.ts'
import type { DevNetwork } from '../../dev-network/dev-network.ts'
import type { NodePlan } from '../../dev-network/nodes.ts'
import type { Bench } from '../harness/measurement.ts'

/** The dev network without the dApp and the torrents' swarms: a chain and four nodes, each a process of its own. */
export async function startNetwork(bench: Bench): Promise<DevNetwork> {
  const starting = startDevNetwork({ app: false, port: 0, torrents: false, signal: bench.signal })
  // When it fails it takes itself down.
  bench.cleanup(() =>
    starting.then(
      (network) => network.stop(),
      () => undefined,
    ),
  )
  return starting
}

export function apiOf(network: DevNetwork, name: NodePlan['name']): NodeClient {
  const { apiUrl, apiToken } = network.node(name).node
  return createNodeClient({ url: apiUrl, token: apiToken })
}
