'use client'

import type { TopicSummary } from '@sluice/sdk/graph'
import { Eye, Heart } from 'lucide-react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useWallet } from '../../web3/use-wallet.ts'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { cn } from '../../ui/cn.ts'
import { ConfirmDialog } from './confirm-dialog.tsx'
import { useOwnReaction, useTopic } from './use-topic.ts'

/** The one kind of reaction that every application knows. */
const LIKE = 1

/** How many wallets like a content and how many saw it, and the way to join them. */
export function Reactions({ contentId }: { contentId: Hex }) {
  const { data: topic } = useTopic(contentId)
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 text-sm text-quiet">
      <LikeButton contentId={contentId} likes={topic && likesOf(topic)} />
      {topic !== undefined && <Figures topic={topic} />}
    </div>
  )
}

function LikeButton({ contentId, likes }: { contentId: Hex; likes: number | undefined }) {
  const { status } = useWallet()
  const liked = useOwnReaction(contentId) === LIKE
  const [open, setOpen] = useState(false)
  const wording = liked ? TAKE_BACK : GIVE
  return (
    <>
      <Button size="small" aria-pressed={liked} disabled={status !== 'ready'} onClick={() => setOpen(true)}>
        <Heart aria-hidden="true" className={cn(liked && 'fill-current text-accent')} />
        {likes === undefined ? 'Like' : formatCount(likes, 'like')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        description="What a wallet likes is public, on the chain."
        deed={{ kind: 'react', contentId, reaction: liked ? 0 : LIKE }}
        {...wording}
      />
    </>
  )
}

const GIVE = { title: 'Like this', label: 'Like' }
const TAKE_BACK = { title: 'Take back your like', label: 'Take back' }

function Figures({ topic }: { topic: TopicSummary }) {
  const others = topic.reactionCount - likesOf(topic)
  return (
    <>
      {others > 0 && <span>{formatCount(others, 'other reaction')}</span>}
      <span
        className="inline-flex items-center gap-1.5"
        title="One per wallet with a key and day. Advisory: a creator can have wallets of its own."
      >
        <Eye aria-hidden="true" className="size-4" />
        {formatCount(topic.viewCount, 'view')}
      </span>
    </>
  )
}

function likesOf({ reactions }: TopicSummary): number {
  return reactions.find(({ kind }) => kind === LIKE)?.count ?? 0
}
