'use client'

import type { Explanation } from '../../web3/errors.ts'
import { Notice } from '../../ui/notice.tsx'

/** Why something was not said, where there is a reason. */
export function FailureNotice({ failure, className }: { failure: Explanation | undefined; className?: string }) {
  if (failure === undefined) return null
  return (
    <Notice tone="bad" title={failure.title} {...(className !== undefined && { className })}>
      {failure.hint}
    </Notice>
  )
}
