import { parseContentReference, resolveContent } from '@sluice/sdk/client'
import type { Reader, ResolvedContent } from '@sluice/sdk/client'
import type { DaemonParts } from '../daemon/parts.ts'
import type { RunningJob } from './job-state.ts'

/**
 * The sdk's view of this node's network and chain. Blocks that were fetched stay: whoever holds a content's slices also
 * serves its manifest, DAG and lockboxes, so that it outlives the creator's node.
 */
export function readerOf({ network, chain, config, store, penalties }: DaemonParts): Reader {
  const { chainId, contracts } = config.chain
  return {
    chain: chain.publicClient,
    chainId,
    contracts,
    penalties,
    network: {
      ...network,
      async fetchBlock(cid, options) {
        const block = await network.fetchBlock(cid, options)
        await store.blocks.put(cid.toString(), block)
        return block
      },
    },
  }
}

/** Finds out what a job is asked for. Throws BAD_INPUT, CONTENT_UNKNOWN, NO_PROVIDERS. */
export function resolveFor(
  parts: DaemonParts,
  { signal }: RunningJob,
  reference: string,
  version?: number,
): Promise<ResolvedContent> {
  const options = { signal, ...(version === undefined ? {} : { version }) }
  return resolveContent(readerOf(parts), parseContentReference(reference), options)
}
