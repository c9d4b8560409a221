'use client'

import { useState } from 'react'

/** A text that is being written, kept for as long as the tab lives, whatever happens to the page meanwhile. */
export function useDraft(key: string): [string, (text: string) => void] {
  const [text, setText] = useState(() => loadDraft(key))
  const write = (next: string): void => {
    setText(next)
    storeDraft(key, next)
  }
  return [text, write]
}

/** Puts a text below what is being written, for a form that is made anew. */
export function addToDraft(key: string, text: string): void {
  storeDraft(key, [loadDraft(key), text].filter((part) => part !== '').join('\n\n'))
}

function loadDraft(key: string): string {
  return typeof window === 'undefined' ? '' : (sessionStorage.getItem(nameOf(key)) ?? '')
}

function storeDraft(key: string, text: string): void {
  if (text === '') sessionStorage.removeItem(nameOf(key))
  else sessionStorage.setItem(nameOf(key), text)
}

function nameOf(key: string): string {
  return `sluice-draft ${key}`
}
