'use client'

import { useStored } from '../../ui/use-stored.ts'

const NAME = 'sluice-count-views'
const OFF = 'no'

/** Whether this browser tells the network what its wallets have seen: it does, unless it was told not to. */
export function countsViews(): boolean {
  return localStorage.getItem(NAME) !== OFF
}

export function useViewsSetting(): { readonly counts: boolean; readonly choose: (counts: boolean) => void } {
  const [stored, store] = useStored(NAME)
  return { counts: stored !== OFF, choose: (wanted) => store(wanted ? null : OFF) }
}
