import { parseContentReference, resolveContent } from '@sluice/sdk/client'
import type { Reader, ResolvedContent } from '@sluice/sdk/client'
import type { DaemonParts } from '../daemon/parts.ts'
import type { RunningJob } from './job-state.ts'

/** What a job is asked for, and the blocks that told so: they are stored once there is room for the content. */
export type FoundContent = ResolvedContent & { readonly blocks: ReadonlyMap<string, Uint8Array> }

type Keep = (cid: string, block: Uint8Array) => Promise<void> | void

/**
 * The sdk's view of this node's network and chain. Blocks that were fetched stay, with the content of that `root` if it is
 * given: whoever holds a content's slices also serves its manifest, DAG and lockboxes, so that it outlives the creator's node.
 */
export function readerOf(parts: DaemonParts, root?: string): Reader {
  const options = root === undefined ? {} : { root }
  return readerThat((cid, block) => parts.store.blocks.put(cid, block, options), parts)
}

function readerThat(keep: Keep, { network, chain, config, penalties }: DaemonParts): Reader {
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
        await keep(cid.toString(), block)
        return block
      },
    },
  }
}

/** Finds out what a job is asked for; nothing is stored. Throws BAD_INPUT, CONTENT_UNKNOWN, NO_PROVIDERS. */
export async function resolveFor(
  parts: DaemonParts,
  { signal }: RunningJob,
  reference: string,
  version?: number,
): Promise<FoundContent> {
  const blocks = new Map<string, Uint8Array>()
  const reader = readerThat((cid, block) => void blocks.set(cid, block), parts)
  const options = { signal, ...(version === undefined ? {} : { version }) }
  return { ...(await resolveContent(reader, parseContentReference(reference), options)), blocks }
}

/** Stores the blocks by which a content was found, now that it is here. Throws STORE_FULL. */
export async function keepBlocks({ store }: DaemonParts, { root, blocks }: FoundContent): Promise<void> {
  for (const [cid, block] of blocks) await store.blocks.put(cid, block, { root: root.toString() })
}
