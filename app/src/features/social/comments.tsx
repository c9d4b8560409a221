'use client'

import type { CommentRow } from '@sluice/sdk/graph'
import { X } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { Hex } from 'viem'
import { ErrorNotice } from '../../web3/error-notice.tsx'
import { useIndex } from '../../web3/use-index.ts'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { Section } from '../../ui/card.tsx'
import { formatAccount } from '../../ui/format.ts'
import { SkeletonText } from '../../ui/skeleton.tsx'
import { CommentForm, draftKey } from './comment-form.tsx'
import { CommentItem } from './comment-item.tsx'
import { OwnComments } from './own-comments.tsx'
import { commentsUnderway } from './said.ts'
import { addToDraft } from './use-draft.ts'
import { useSaid } from './use-speaker.ts'
import { useComments } from './use-topic.ts'

type CommentsProps = { contentId: Hex; connectNode: ReactNode; className?: string }

/** What is said about a content. Only an index knows which comments there are; without one there is nothing to show. */
export function Comments({ contentId, connectNode, className }: CommentsProps) {
  const index = useIndex()
  const [answering, setAnswering] = useState<CommentRow>()
  const [again, setAgain] = useState(0)
  const [focused, setFocused] = useState<string>()
  const form = formName(answering, again)
  if (index === undefined) return null
  const writeAgain = (text: string, answered: CommentRow | undefined) => {
    addToDraft(draftKey(contentId, answered?.digest), text)
    setAnswering(answered)
    setAgain(again + 1)
    setFocused(formName(answered, again + 1))
  }
  return (
    <Section title="Comments" className={className}>
      {answering !== undefined && <Answering comment={answering} onStop={() => setAnswering(undefined)} />}
      <CommentForm
        key={form}
        autoFocus={form === focused}
        contentId={contentId}
        parent={answering?.digest}
        connectNode={connectNode}
        onDone={() => setAnswering(undefined)}
      />
      <CommentList contentId={contentId} onReply={setAnswering} onWriteAgain={writeAgain} />
    </Section>
  )
}

function formName(answered: CommentRow | undefined, again: number): string {
  return `${answered?.digest ?? 'new'} ${String(again)}`
}

function Answering({ comment, onStop }: { comment: CommentRow; onStop: () => void }) {
  return (
    <p className="mb-3 flex items-center gap-2 text-sm text-quiet">
      Answering {formatAccount(comment.author, comment.handle)}
      <Button variant="quiet" size="icon" className="size-7" aria-label="Answer nobody" onClick={onStop}>
        <X aria-hidden="true" />
      </Button>
    </p>
  )
}

type CommentListProps = {
  contentId: Hex
  onReply: (comment: CommentRow) => void
  onWriteAgain: (text: string, answered: CommentRow | undefined) => void
}

function CommentList({ contentId, onReply, onWriteAgain }: CommentListProps) {
  const comments = useComments(contentId)
  const { status } = useWallet()
  const rows = comments.data?.pages.flatMap((page) => page.rows) ?? []
  const underway = commentsUnderway(useSaid(), contentId, rows)
  const own = <OwnComments underway={underway} rows={rows} onWriteAgain={onWriteAgain} />
  if (comments.isPending) return <SkeletonText className="mt-6" />
  if (comments.isError && rows.length === 0) {
    return (
      <>
        {own}
        <ErrorNotice error={comments.error} tone="warn" className="mt-6" />
      </>
    )
  }
  return (
    <>
      {own}
      <Rows rows={rows} onReply={status === 'ready' ? onReply : undefined} />
      {rows.length + underway.length === 0 && <p className="mt-4 text-sm text-quiet">Nobody has said anything yet.</p>}
      {comments.hasNextPage && (
        <Button size="small" busy={comments.isFetchingNextPage} onClick={() => void comments.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  )
}

function Rows({ rows, onReply }: { rows: readonly CommentRow[]; onReply: CommentListProps['onReply'] | undefined }) {
  const byDigest = new Map(rows.map((row) => [row.digest, row]))
  if (rows.length === 0) return null
  return (
    <ul className="mt-4 divide-y divide-line" aria-label="Comments, the newest first">
      {rows.map((comment) => (
        <li key={comment.id}>
          <CommentItem
            comment={comment}
            answered={comment.parent === null ? undefined : byDigest.get(comment.parent)}
            onReply={onReply && (() => onReply(comment))}
          />
        </li>
      ))}
    </ul>
  )
}
