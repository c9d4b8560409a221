import type { Command } from 'commander'
import { SluiceError } from '@sluice/sdk'
import type { Context } from './context.ts'
import { findHeld } from './find-held.ts'
import { formatBytes, parseInteger } from './format.ts'
import { withNode } from './run.ts'

const MAX_REPLICAS = 32

/** Commands that say what stays on this node, `pin`, `unpin`, `rm`, and on others, `replicas`. */
export function registerHold(program: Command, signal: AbortSignal): void {
  program
    .command('pin')
    .description('Keep a content when the node needs room')
    .argument('<content>', 'content id or CID, of what the node has')
    .action(withNode(signal, (context: Context, content: string) => setPinned(context, content, true)))
  program
    .command('unpin')
    .description('Let a content go when the node needs room')
    .argument('<content>', 'content id or CID')
    .action(withNode(signal, (context: Context, content: string) => setPinned(context, content, false)))
  program
    .command('rm')
    .description('Delete a content from this node')
    .argument('<content>', 'content id or CID')
    .option('--force', 'also what is pinned or was published here')
    .action(withNode(signal, remove))
  program
    .command('replicas')
    .description('Say how many copies other nodes shall keep of what was published here')
    .argument('<content>', 'content id or CID')
    .argument('<count>', 'copies besides this node’s own')
    .action(withNode(signal, setReplicas))
}

async function setPinned(context: Context, content: string, pinned: boolean): Promise<void> {
  const { node, output, signal } = context
  const { root, title } = await findHeld(context, content)
  const { origin } = await node.pinContent(root, pinned, { signal })
  const stays = pinned || origin
  output.result({ root, pinned, stays }, [
    `${title} (${root}) ${pinned ? 'is pinned: it stays' : stays ? 'is not pinned; published here, it stays all the same' : 'may go when room is needed'}.`,
  ])
}

async function setReplicas(context: Context, content: string, count: string): Promise<void> {
  const { node, output, signal } = context
  const wanted = parseInteger(count, 'count', 0, MAX_REPLICAS)
  const { root, title, replicasFound } = await findHeld(context, content)
  await node.setReplicas(root, wanted, { signal })
  output.result({ root, replicas: wanted, found: replicasFound }, [
    `${title} (${root}): ${wanted} copies wanted, ${replicasFound} known. sluice ls shows how many there are.`,
  ])
}

async function remove(context: Context, content: string, { force }: { force?: boolean }): Promise<void> {
  const { node, output, signal } = context
  const { root, title, byteLength, pinned, origin } = await findHeld(context, content)
  if ((pinned || origin) && force !== true) {
    throw new SluiceError('BAD_INPUT', `${title} ${origin ? 'was published here' : 'is pinned'}.`, {
      hint: 'Add --force to delete it all the same. Nobody else may have a copy.',
    })
  }
  await node.removeContent(root, { signal })
  output.result({ root, freed: byteLength }, [`Deleted ${title} (${root}): ${formatBytes(byteLength)} are free.`])
}
