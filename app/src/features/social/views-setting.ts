'use client'

import { useSyncExternalStore } from 'react'

const NAME = 'sluice-count-views'
const OFF = 'no'
const listeners = new Set<() => void>()

/** Whether this browser tells the network what its wallets have seen: it does, unless it was told not to. */
export function countsViews(): boolean {
  return localStorage.getItem(NAME) !== OFF
}

export function useViewsSetting(): { readonly counts: boolean; readonly choose: (counts: boolean) => void } {
  const counts = useSyncExternalStore(subscribe, countsViews, () => true)
  const choose = (wanted: boolean): void => {
    if (wanted) localStorage.removeItem(NAME)
    else localStorage.setItem(NAME, OFF)
    for (const listener of listeners) listener()
  }
  return { counts, choose }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}
