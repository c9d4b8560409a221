'use client'

import { parseContentReference } from '@sluice/sdk/client'
import { isHandle } from '@sluice/sdk/social'
import { ArrowRight } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useId, useState } from 'react'
import type { SubmitEvent } from 'react'
import { explainError } from '../../web3/errors.ts'
import { Button } from '../../ui/button.tsx'

/**
 * Opens a content by its id, its CID or its magnet link, or a creator’s page by `@handle`; open
 * content needs no wallet.
 */
export function OpenBox() {
  const id = useId()
  const router = useRouter()
  const [text, setText] = useState('')
  const [error, setError] = useState<string>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const [, handle] = /^@(.+)$/u.exec(text.trim()) ?? []
    if (handle !== undefined && isHandle(handle)) {
      router.push(`/creator/?handle=${handle}`)
      return
    }
    try {
      const reference = parseContentReference(text)
      const query = reference.kind === 'content' ? `id=${reference.contentId}` : `cid=${reference.cid.toString()}`
      router.push(`/content/?${query}`)
    } catch (cause) {
      setError(explainError(cause).hint)
    }
  }
  return (
    <form onSubmit={submit} className="w-full sm:w-80">
      <label htmlFor={id} className="sr-only">
        Open a content id, CID or magnet link
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          value={text}
          onChange={(event) => {
            setText(event.target.value)
            setError(undefined)
          }}
          placeholder="Content id, CID or magnet link"
          autoComplete="off"
          spellCheck={false}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-error`}
          className="h-10 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3 text-sm placeholder:text-quiet aria-invalid:border-bad"
        />
        <Button type="submit" size="icon" aria-label="Open" disabled={text.trim() === ''}>
          <ArrowRight aria-hidden="true" />
        </Button>
      </div>
      <p id={`${id}-error`} role="alert" className="mt-1.5 text-sm text-bad empty:hidden">
        {error}
      </p>
    </form>
  )
}
