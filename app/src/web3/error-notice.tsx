import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import { explainError } from './errors.ts'

type ErrorNoticeProps = {
  error: unknown
  /** The way to have it done again, where that may help. */
  retry?: () => unknown
  /** A warning where the page goes on without it. */
  tone?: 'bad' | 'warn'
  explain?: typeof explainError
  className?: string
}

/** What went wrong, and what to do about it. */
export function ErrorNotice({ error, retry, tone = 'bad', explain = explainError, className = '' }: ErrorNoticeProps) {
  const { title, hint } = explain(error)
  const again = retry && <Button onClick={() => void retry()}>Try again</Button>
  return (
    <Notice tone={tone} title={title} action={again} className={className}>
      {hint}
    </Notice>
  )
}
