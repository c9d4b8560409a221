import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'

const TONES = {
  info: { className: 'bg-accent-soft text-accent', Icon: Info },
  good: { className: 'bg-good-soft text-good', Icon: CircleCheck },
  warn: { className: 'bg-warn-soft text-warn', Icon: TriangleAlert },
  bad: { className: 'bg-bad-soft text-bad', Icon: CircleAlert },
} as const

type NoticeProps = {
  tone: keyof typeof TONES
  title: string
  children?: ReactNode
  action?: ReactNode
  className?: string
}

/** Something the reader should know, and what to do about it. Errors and warnings are announced at once. */
export function Notice({ tone, title, children, action, className }: NoticeProps) {
  const { className: colours, Icon } = TONES[tone]
  return (
    <div
      role={tone === 'bad' || tone === 'warn' ? 'alert' : 'status'}
      className={cn('flex gap-3 rounded-xl p-4', colours, className)}
    >
      <Icon aria-hidden="true" className="mt-0.5 size-4.5 shrink-0" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-semibold break-words">{title}</p>
        {children !== undefined && <div className="mt-0.5 break-words text-ink">{children}</div>}
        {action !== undefined && <div className="mt-3 flex flex-wrap gap-2">{action}</div>}
      </div>
    </div>
  )
}
