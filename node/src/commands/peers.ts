import type { Command } from 'commander'
import type { Context } from './context.ts'
import { withNode } from './run.ts'

export function registerPeers(program: Command, signal: AbortSignal): void {
  program.command('peers').description('List the peers this node is connected to').action(withNode(signal, peers))
}

async function peers({ node, output, signal }: Context): Promise<void> {
  const list = await node.peers({ signal })
  const lines = list.map(({ peerId, direction, latencyMs, multiaddrs }) =>
    [
      peerId,
      direction.padEnd(8),
      latencyMs === undefined ? '' : `${latencyMs} ms`.padStart(7),
      multiaddrs[0] ?? '',
    ].join('  '),
  )
  output.result(list, lines.length === 0 ? ['No peers. Is a bootstrap address configured?'] : lines)
}
