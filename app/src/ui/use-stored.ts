'use client'

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()

/**
 * A setting that this browser remembers, the same in all its tabs: its text, null for none, and the way to change it.
 */
export function useStored(name: string): readonly [string | null, (text: string | null) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(name),
    () => null,
  )
  return [text, (next) => store(name, next)]
}

function store(name: string, text: string | null): void {
  if (text === null) localStorage.removeItem(name)
  else localStorage.setItem(name, text)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}
