import type { Command } from 'commander'
import type { HeldContent } from '../api/client.ts'
import type { Context } from './context.ts'
import { formatAmount, formatBytes } from './format.ts'
import { withNode } from './run.ts'

const MAX_TITLE = 40

export function registerLs(program: Command, signal: AbortSignal): void {
  program
    .command('ls')
    .description('List what this node has: size, slices held, why it stays, what it earned')
    .action(withNode(signal, ls))
}

async function ls({ node, status, output, signal }: Context): Promise<void> {
  const contents = [...(await node.contents({ signal }))].sort((left, right) => left.title.localeCompare(right.title))
  const { used, quota } = status.storage
  output.result(contents, [
    ...contents.map(describe),
    ...(contents.length > 0
      ? []
      : ['Nothing is here yet. sluice publish FILE or sluice seed CONTENT brings something.']),
    `${formatBytes(used)} of ${formatBytes(quota)} used. What is neither own nor pinned goes when room is needed.`,
  ])
}

function describe(content: HeldContent): string {
  const { root, title, contentId, byteLength, have, sliceCount, earned, replicas, replicasFound } = content
  return [
    root,
    formatBytes(byteLength).padStart(10),
    `${have}/${sliceCount}`.padStart(13),
    staysAs(content).padEnd(6),
    (replicas === 0 ? '' : `${replicasFound}/${replicas} copies`).padStart(10),
    formatAmount(BigInt(earned)).padStart(12),
    title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title,
    contentId ?? '',
  ]
    .join('  ')
    .trimEnd()
}

function staysAs({ origin, pinned }: HeldContent): string {
  return origin ? 'own' : pinned ? 'pinned' : ''
}
