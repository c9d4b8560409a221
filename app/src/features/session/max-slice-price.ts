import { useSyncExternalStore } from 'react'
import type { Address } from 'viem'
import { UINT96_MAX } from '../../web3/parse-amount.ts'

/** A seeder that asks for so many times what this page's own node asks is passed over, unless the user said otherwise. */
const FAIR_MULTIPLE = 10n

const listeners = new Set<() => void>()

/** The most that this browser pays for one slice; undefined where nobody has set it and the own node asks for nothing. */
export function useMaxSlicePrice(token: Address, slicePrice: bigint | undefined) {
  const stored = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(keyOf(token)),
    () => null,
  )
  const chosen = readLimit(stored)
  const choose = (limit: bigint | undefined): void => {
    if (limit === undefined) localStorage.removeItem(keyOf(token))
    else localStorage.setItem(keyOf(token), limit.toString())
    for (const listener of listeners) listener()
  }
  return { limit: maxSlicePrice(chosen, slicePrice), choose }
}

/** What the user chose, or a fair multiple of what the own node asks. */
export function maxSlicePrice(chosen: bigint | undefined, slicePrice: bigint | undefined): bigint | undefined {
  return chosen ?? (slicePrice === undefined ? undefined : slicePrice * FAIR_MULTIPLE)
}

/** Reads what was stored; what is no amount of base units counts as nothing. */
export function readLimit(stored: string | null): bigint | undefined {
  if (stored === null || !/^\d{1,29}$/u.test(stored)) return undefined
  const limit = BigInt(stored)
  return limit > UINT96_MAX ? undefined : limit
}

function keyOf(token: Address): string {
  return `sluice-max-slice-price-${token.toLowerCase()}`
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}
