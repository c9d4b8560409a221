import type { DatabaseSync } from 'node:sqlite'
import { decodeSocialPost, encodeSocialPost } from '@sluice/sdk/social'
import type { SocialPost } from '@sluice/sdk/social'
import { isHex } from 'viem'
import type { Hex } from 'viem'
import { transaction } from '../store/database.ts'

/** What this node sent to the chain and has not seen there yet. */
export type Submission = { readonly id: Hex; readonly post: SocialPost; readonly submittedAt: number }

/** Remembers, across restarts and crashes, which actions may be in a transaction of this node's already. */
export function createSubmissionsTable(database: DatabaseSync) {
  const insert = database.prepare('INSERT OR REPLACE INTO social_submissions VALUES (?, ?, ?)')
  const remove = database.prepare('DELETE FROM social_submissions WHERE id = ?')
  const select = database.prepare('SELECT id, post, submitted_at FROM social_submissions')
  return {
    add(submissions: readonly Submission[]): void {
      transaction(database, () => {
        for (const { id, post, submittedAt } of submissions) insert.run(id, encodeSocialPost(post), submittedAt)
      })
    },
    remove(ids: readonly Hex[]): void {
      transaction(database, () => ids.forEach((id) => remove.run(id)))
    },
    async load(): Promise<readonly Submission[]> {
      const rows = select.all().map(async ({ id, post, submitted_at: submittedAt }) => {
        if (!isHex(id) || !(post instanceof Uint8Array) || typeof submittedAt !== 'number') return []
        return [{ id, post: await decodeSocialPost(post), submittedAt }]
      })
      return (await Promise.all(rows)).flat()
    },
  }
}

export type SubmissionsTable = ReturnType<typeof createSubmissionsTable>
