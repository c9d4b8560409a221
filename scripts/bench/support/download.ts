import type { NodeClient } from '@sluice/node/api/client'

type Request = Parameters<NodeClient['startDownload']>[0]

/** Has a node download a content and reads all of its plaintext, as it comes, without keeping any. Returns the bytes. */
export async function downloadAll(node: NodeClient, request: Request, signal: AbortSignal): Promise<number> {
  const { jobId } = await node.startDownload(request, { signal })
  try {
    const { body } = await node.downloadContent(jobId, { signal })
    let bytes = 0
    for await (const chunk of body ?? []) bytes += chunk.length
    return bytes
  } catch (cause) {
    // The job's own reason says more than the broken body that it leaves.
    const { state, done, slices, error } = await node.job(jobId, { signal })
    const reason = error === undefined ? '' : `: ${error.code}, ${error.message}`
    throw new Error(`the download broke at ${done} of ${slices} slices, ${state}${reason}`, { cause })
  }
}
