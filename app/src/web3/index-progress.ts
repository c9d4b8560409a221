import type { IndexReader } from '@sluice/sdk/graph'

const ASK_EVERY_MS = 250
const MAX_ASKS = 40

/**
 * Waits until the index has read the chain up to a block, which takes it a moment. Gives up quietly after ten seconds,
 * or when it does not answer: what is shown is then as old as it was.
 */
export async function waitForIndex(
  index: Pick<IndexReader, 'head'>,
  block: bigint,
  { pause = defaultPause }: { pause?: (milliseconds: number) => Promise<void> } = {},
): Promise<void> {
  for (let asked = 0; asked < MAX_ASKS; asked += 1) {
    const head = await index.head().catch(() => undefined)
    if (head === undefined || head >= block) return
    await pause(ASK_EVERY_MS)
  }
}

function defaultPause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds)
  })
}
