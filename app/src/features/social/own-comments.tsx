'use client'

import type { CommentRow } from '@sluice/sdk/graph'
import { OwnComment } from './comment-item.tsx'
import { parentOf } from './said.ts'
import type { Said } from './said.ts'
import { useForget } from './use-speaker.ts'

type OwnCommentsProps = {
  underway: readonly Said[]
  /** What is listed already. */
  rows: readonly CommentRow[]
  onWriteAgain: (text: string, answered: CommentRow | undefined) => void
}

/** One's own comments that the list of those on chain does not have yet, or never will. */
export function OwnComments({ underway, rows, onWriteAgain }: OwnCommentsProps) {
  const forget = useForget()
  if (underway.length === 0) return null
  return (
    <ul className="mt-4 divide-y divide-line" aria-label="Your comments on their way">
      {underway.map((said) => {
        const answered = rows.find(({ digest }) => digest === parentOf(said))
        const writeAgain = (text: string) => {
          forget(said.id)
          onWriteAgain(text, answered)
        }
        return (
          <li key={said.id}>
            <OwnComment said={said} answered={answered} onEdit={writeAgain} onForget={() => forget(said.id)} />
          </li>
        )
      })}
    </ul>
  )
}
