'use client'

import { Search, X } from 'lucide-react'
import { useEffect, useId, useState } from 'react'
import { Button } from '../../ui/button.tsx'

/** Long enough that a word is not searched letter by letter. */
const SETTLE_MS = 300
const MAX_LENGTH = 200

/** Searches titles while one types. */
export function SearchBox({ onSearch }: { onSearch: (text: string) => void }) {
  const id = useId()
  const [text, setText] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => onSearch(text.trim()), text === '' ? 0 : SETTLE_MS)
    return () => clearTimeout(timer)
  }, [text, onSearch])
  return (
    <search className="w-full sm:w-72">
      <label htmlFor={id} className="sr-only">
        Search titles
      </label>
      <div className="relative">
        <Search aria-hidden="true" className="pointer-events-none absolute top-3 left-3 size-4 text-quiet" />
        <input
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          maxLength={MAX_LENGTH}
          placeholder="Search titles"
          autoComplete="off"
          enterKeyHint="search"
          className="h-10 w-full rounded-lg border border-line-strong bg-surface pr-10 pl-9 text-sm placeholder:text-quiet"
        />
        {text !== '' && (
          <Button
            variant="quiet"
            size="icon"
            aria-label="Clear the search"
            className="absolute top-1 right-1 size-8"
            onClick={() => setText('')}
          >
            <X aria-hidden="true" />
          </Button>
        )}
      </div>
    </search>
  )
}
