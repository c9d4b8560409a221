'use client'

import { useSyncExternalStore } from 'react'
import { STORAGE_KEY } from './theme-script.ts'

export type ThemeChoice = 'system' | 'light' | 'dark'

const listeners = new Set<() => void>()

/** The choice, whether it comes out dark, and how to change it. */
export function useTheme() {
  const choice = useSyncExternalStore(subscribe, readChoice, () => 'system' as const)
  const dark = useSyncExternalStore(subscribe, isDark, () => false)
  return { choice, dark, choose }
}

function choose(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(STORAGE_KEY)
  else localStorage.setItem(STORAGE_KEY, choice)
  apply()
}

function readChoice(): ThemeChoice {
  const stored = localStorage.getItem(STORAGE_KEY)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

function isDark(): boolean {
  const choice = readChoice()
  return choice === 'dark' || (choice === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
}

function apply(): void {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light'
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)')
  const onChange = () => apply()
  listeners.add(listener)
  media.addEventListener('change', onChange)
  window.addEventListener('storage', onChange)
  return () => {
    listeners.delete(listener)
    media.removeEventListener('change', onChange)
    window.removeEventListener('storage', onChange)
  }
}
