import type { Command } from 'commander'
import type { Context } from './context.ts'
import { formatBytes } from './format.ts'
import { followJob } from './job.ts'
import { withNode } from './run.ts'

export function registerSeed(program: Command, signal: AbortSignal): void {
  program
    .command('seed')
    .description('Fetch a content, sealed as it is, keep it and serve it')
    .argument('<content>', 'content id or CID')
    .action(withNode(signal, seed))
}

async function seed(context: Context, content: string): Promise<void> {
  const { node, output, signal } = context
  const { jobId } = await node.startSeed({ content }, { signal })
  const job = await followJob(context, jobId, 'Replicating')
  output.result({ root: job.root, slices: job.slices, bytes: job.bytes, paid: job.paid, sources: job.sources }, [
    `Seeding ${job.root ?? content}: ${job.slices} slices, ${formatBytes(job.bytes)}.`,
  ])
}
