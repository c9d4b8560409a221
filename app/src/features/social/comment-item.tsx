'use client'

import type { CommentRow } from '@sluice/sdk/graph'
import { Pencil, Reply, X } from 'lucide-react'
import { AccountLink } from '../../web3/account.tsx'
import { Button } from '../../ui/button.tsx'
import { formatAge } from '../../ui/format.ts'
import { SkeletonText } from '../../ui/skeleton.tsx'
import { textOf } from './said.ts'
import type { Said } from './said.ts'
import { SaidStatus } from './said-status.tsx'
import { useCommentText } from './use-topic.ts'

type CommentItemProps = {
  comment: CommentRow
  /** The comment that it answers, where that is at hand. */
  answered: CommentRow | undefined
  onReply: (() => void) | undefined
}

/** One comment: a stranger's words, as text and nothing else. */
export function CommentItem({ comment, answered, onReply }: CommentItemProps) {
  return (
    <article className="py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
        <AccountLink address={comment.author} />
        <span>{formatAge(comment.at, Date.now() / 1000)}</span>
        {onReply !== undefined && (
          <Button variant="quiet" size="small" className="-my-1 -mr-2 ml-auto px-2" onClick={onReply}>
            <Reply aria-hidden="true" />
            Answer
          </Button>
        )}
      </div>
      {answered !== undefined && <Quote comment={answered} />}
      <CommentText comment={comment} />
    </article>
  )
}

type OwnCommentProps = {
  said: Said
  answered: CommentRow | undefined
  /** Puts the text back to where it was written, where it will not be recorded. */
  onEdit: (text: string) => void
  onForget: () => void
}

/** A comment of one's own that the index does not list yet; its text came with the action. */
export function OwnComment({ said, answered, onEdit, onForget }: OwnCommentProps) {
  const text = textOf(said)
  return (
    <article className="py-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-quiet">
        <AccountLink address={said.post.action.wallet} />
        <SaidStatus said={said} what="Your comment" />
        {said.error !== undefined && (
          <span className="-my-1 ml-auto flex">
            <Button variant="quiet" size="small" onClick={() => onEdit(text)}>
              <Pencil aria-hidden="true" />
              Write again
            </Button>
            <Button variant="quiet" size="icon" className="size-8" aria-label="Drop it" onClick={onForget}>
              <X aria-hidden="true" />
            </Button>
          </span>
        )}
      </div>
      {answered !== undefined && <Quote comment={answered} />}
      <Words text={text} />
    </article>
  )
}

function CommentText({ comment }: { comment: CommentRow }) {
  const { data: text, isPending } = useCommentText(comment.digest)
  if (isPending) return <SkeletonText lines={1} className="mt-2 max-w-md" />
  if (text === undefined) return <p className="mt-1 text-sm text-quiet">Nobody online has the text of this comment.</p>
  return <Words text={text} />
}

function Words({ text }: { text: string }) {
  return (
    <p dir="auto" className="mt-1 max-w-prose break-words whitespace-pre-line">
      {text}
    </p>
  )
}

function Quote({ comment }: { comment: CommentRow }) {
  const { data: text } = useCommentText(comment.digest)
  if (text === undefined) return null
  return (
    <blockquote
      dir="auto"
      className="mt-2 line-clamp-2 max-w-prose border-l-2 border-line pl-3 text-sm break-words text-quiet"
    >
      {text}
    </blockquote>
  )
}
