'use client'

import type { TopicSummary } from '@sluice/sdk/graph'
import { Eye, Heart } from 'lucide-react'
import { zeroHash } from 'viem'
import type { Hex } from 'viem'
import { Button } from '../../ui/button.tsx'
import { formatCount } from '../../ui/format.ts'
import { cn } from '../../ui/cn.ts'
import { FailureNotice } from './failure-notice.tsx'
import { isOnItsWay, lastWord } from './said.ts'
import { SaidStatus } from './said-status.tsx'
import { useSocialAction } from './use-social-action.ts'
import { useSaid } from './use-speaker.ts'
import { useOwnReaction, useTopic } from './use-topic.ts'
import { WalletDialog } from './wallet-offer.tsx'

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
  const { said, liked, change } = useLike(contentId)
  const action = useSocialAction()
  // The index does not count what is on its way; once it does, that is settled.
  const shown = likes === undefined ? undefined : Math.max(0, likes + change)
  return (
    <>
      <Button
        size="small"
        aria-pressed={liked}
        busy={action.busy}
        disabled={!action.possible}
        onClick={() => void action.say({ kind: 'react', contentId, reaction: liked ? 0 : LIKE })}
      >
        <Heart aria-hidden="true" className={cn(liked && 'fill-current text-accent')} />
        {shown === undefined ? 'Like' : formatCount(shown, 'like')}
      </Button>
      <SaidStatus said={said} what={said?.post.action.value === zeroHash ? 'Taking back your like' : 'Your like'} />
      <FailureNotice failure={action.failure} className="w-full" />
      <WalletDialog action={action} {...(liked ? TAKE_BACK : GIVE)} />
    </>
  )
}

/** Whether the connected wallet likes it, by its last word, and what that changes of how many the index counts. */
function useLike(contentId: Hex) {
  const said = lastWord(useSaid(), ['react'], contentId)
  const recorded = useOwnReaction(contentId)
  const reaction = said !== undefined && isOnItsWay(said) ? Number(said.post.action.value) : recorded
  const liked = reaction === LIKE
  return { said, liked, change: Number(liked) - Number(recorded === LIKE) }
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
