/** How far an index is from the chain that a reader sees, in blocks. */
export type IndexLag = {
  /** The last block that the index says it has read. */
  readonly block: number
  /** Blocks of the chain that it has not read; zero where it says to be further than the chain. */
  readonly behind: number
  /** Whether its lists should be shown with a word on that. */
  readonly notable: 'behind' | 'ahead' | undefined
}

/** Blocks that an index, or an RPC endpoint, may be late by before that is worth a word. */
const USUAL_BLOCKS = 10

/**
 * Compares the block that an index says it has come to with the chain's own. One that is far ahead follows another
 * chain, or lies.
 */
export function describeLag(indexBlock: number, chainBlock: bigint): IndexLag {
  const distance = Number(chainBlock) - indexBlock
  const notable = distance > USUAL_BLOCKS ? 'behind' : distance < -USUAL_BLOCKS ? 'ahead' : undefined
  return { block: indexBlock, behind: Math.max(0, distance), notable }
}
