import type { WriteClient } from '@sluice/sdk/chain'
import type { Hash } from 'viem'

/**
 * Sends the operator's transactions one after the other: the next one starts when the one before has its hash, so each
 * finds the right nonce; all are mined in parallel. Pass `onHash` on to the chain action.
 */
export type TransactionQueue = {
  run<T>(action: (client: WriteClient, hooks: { readonly onHash: (hash: Hash) => void }) => Promise<T>): Promise<T>
}

export function createTransactionQueue(client: WriteClient): TransactionQueue {
  let last: Promise<void> = Promise.resolve()
  return {
    run(action) {
      const before = last
      const sent = Promise.withResolvers<void>()
      last = sent.promise
      return before.then(() => action(client, { onHash: () => sent.resolve() })).finally(() => sent.resolve())
    },
  }
}
