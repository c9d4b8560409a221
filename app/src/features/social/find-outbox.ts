import { createSocialNode } from '@sluice/sdk/client'
import { createOutbox } from './outbox.ts'
import type { Outbox, OutboxOptions } from './outbox.ts'

export type FindOptions = Omit<OutboxOptions, 'node'> & {
  /** Public listeners of nodes, the best first. */
  readonly origins: readonly string[]
  readonly signal: AbortSignal
}

/**
 * The outbox at the first of some nodes that carries social actions, with what it knows of the session's words;
 * null where none does.
 */
export async function findOutbox({ origins, signal, ...options }: FindOptions): Promise<Outbox | null> {
  const nodes = [...new Set(origins)].map((origin) => createSocialNode({ origin }))
  for (const node of nodes) {
    const outbox = createOutbox({ ...options, node, others: nodes.filter((other) => other !== node) })
    const carries = await outbox.resume(signal).then(
      () => true,
      () => false,
    )
    signal.throwIfAborted()
    if (carries) return outbox
  }
  return null
}
