'use client'

import { Check, CircleAlert, Hourglass } from 'lucide-react'
import { cn } from '../../ui/cn.ts'
import { isOnItsWay } from './said.ts'
import type { Said } from './said.ts'
import { explainRefusal } from './speaker.ts'

type SaidStatusProps = {
  said: Said | undefined
  /** What is on its way, for who hears it and does not see where it stands: “Your like”. */
  what: string
  className?: string
}

/**
 * How far something is that was said, announced as it changes; that it is there before there is a word is
 * what makes it heard.
 */
export function SaidStatus({ said, what, className }: SaidStatusProps) {
  return (
    <span
      role="status"
      className={said === undefined ? 'sr-only' : cn('inline-flex items-center gap-1.5 text-sm text-quiet', className)}
    >
      {said !== undefined && <Words said={said} what={what} />}
    </span>
  )
}

function Words({ said, what }: { said: Said; what: string }) {
  if (said.error !== undefined) {
    return (
      <>
        <CircleAlert aria-hidden="true" className="size-4 shrink-0 text-bad" />
        <span>
          <span className="sr-only">{what}: </span>Not recorded. {explainRefusal(said.error).title}
        </span>
      </>
    )
  }
  const [Icon, words] = isOnItsWay(said) ? ([Hourglass, 'On its way'] as const) : ([Check, 'Settled'] as const)
  return (
    <>
      <Icon aria-hidden="true" className="size-4 shrink-0 text-accent" />
      <span>
        <span className="sr-only">{what}: </span>
        {words}
      </span>
    </>
  )
}
