import { stat } from 'node:fs/promises'
import { Option } from 'commander'
import type { Command } from 'commander'
import { parseContentReference } from '@sluice/sdk/client'
import { readContent } from '@sluice/sdk/chain'
import type { DownloadRequest, Job } from '../api/client.ts'
import { fundNode } from './authorize-node.ts'
import { estimateBudget } from './estimate-budget.ts'
import type { Context } from './context.ts'
import { formatAmount, formatBytes, parseAmount } from './format.ts'
import { followJob } from './job.ts'
import { withNode } from './run.ts'
import { checkTarget, save } from './save-file.ts'

type GetOptions = {
  output: string
  maxSpend?: string
  maxPrice?: string
  force?: boolean
  via?: NonNullable<DownloadRequest['via']>
}

export function registerGet(program: Command, signal: AbortSignal): void {
  program
    .command('get')
    .description('Download a content, pay for its slices, and decrypt it')
    .argument('<content>', 'content id, CID or magnet link')
    .requiredOption('-o, --output <file>', 'where to write it')
    .option('--max-spend <amount>', 'most to pay for its slices (twice what this node would ask)')
    .option('--max-price <amount>', 'most to pay for one slice (ten times what this node would ask)')
    .option('--force', 'overwrite the file')
    .addOption(
      new Option('--via <way>', 'libp2p streams alone, or the torrent’s swarm first (as for a magnet link)').choices([
        'libp2p',
        'torrent',
      ]),
    )
    .action(withNode(signal, get))
}

async function get(context: Context, content: string, options: GetOptions): Promise<void> {
  const { node, signal } = context
  const path = await checkTarget(options)
  const via = options.via === undefined ? {} : { via: options.via }
  const payment = await preparePayment(context, content, options)
  const { jobId } = await node.startDownload({ content, ...payment, ...via }, { signal })
  const stop = new AbortController()
  const during = AbortSignal.any([signal, stop.signal])
  try {
    const [job, sha256] = await Promise.all([
      followJob({ ...context, signal: during }, jobId, 'Downloading'),
      save(await node.downloadContent(jobId, { signal: during }), path),
    ])
    report(context, job, { path, sha256, bytes: (await stat(path)).size })
  } catch (error) {
    stop.abort()
    // The job's own reason says more than the broken body that it leaves.
    const job = await node.job(jobId).catch(() => undefined)
    if (job?.state === 'running') await node.cancelJob(jobId).catch(() => undefined)
    if (job?.state === 'failed') await followJob(context, jobId, 'Downloading')
    throw error
  }
}

/** What the node may pay, and for whom it speaks; nothing for open content. */
async function preparePayment(context: Context, content: string, { maxSpend, maxPrice }: GetOptions) {
  const reference = parseContentReference(content)
  if (reference.kind === 'cid') return {}
  const { account, publicClient } = await context.wallet()
  const { version } = await readContent(publicClient, { contracts: context.contracts, contentId: reference.contentId })
  const budget =
    maxSpend === undefined ? await estimateBudget(context, version.sliceCount) : parseAmount(maxSpend, '--max-spend')
  await fundNode(context, budget)
  const limit = maxPrice === undefined ? {} : { maxPrice: parseAmount(maxPrice, '--max-price').toString() }
  return { wallet: account.address, maxSpend: budget.toString(), ...limit }
}

const WAYS = { libp2p: 'over libp2p', ws: 'over its WebSocket', torrent: 'from the swarm' } as const

function report({ output }: Context, job: Job, file: { path: string; sha256: string; bytes: number }): void {
  const { slices, paid, sources } = job
  output.result({ ...file, slices, paid, sources }, [
    `${file.path}: ${formatBytes(file.bytes)}, sha-256 ${file.sha256}`,
    `${slices} slices for ${formatAmount(BigInt(paid))} from ${sources.length} source${sources.length === 1 ? '' : 's'}`,
    ...sources.map(({ peerId, slices: count, paid: cost, via }) => {
      return `  ${peerId}  ${count} slices  ${formatAmount(BigInt(cost))}  ${WAYS[via]}`
    }),
  ])
}
