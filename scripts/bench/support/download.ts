import type { NodeClient } from '@sluice/node/api/client'

type Request = Parameters<NodeClient['startDownload']>[0]

/** Has a node download a content and reads all of its plaintext, as it comes, without keeping any. Returns the bytes. */
export async function downloadAll(node: NodeClient, request: Request, signal: AbortSignal): Promise<number> {
  const { jobId } = await node.startDownload(request, { signal })
  const { body } = await node.downloadContent(jobId, { signal })
  let bytes = 0
  for await (const chunk of body ?? []) bytes += chunk.length
  const job = await node.job(jobId, { signal })
  if (job.state === 'failed') throw new Error(`the download failed: ${job.error?.message}`)
  return bytes
}
