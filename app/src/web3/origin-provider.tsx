'use client'

import { useQuery } from '@tanstack/react-query'
import { createContext, use } from 'react'
import type { ReactNode } from 'react'
import { fetchOriginInfo } from './origin.ts'
import type { OriginInfo } from './origin.ts'

type OriginState =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly error: Error; readonly retry: () => void }
  | { readonly status: 'ready'; readonly info: OriginInfo }

const OriginContext = createContext<OriginState>({ status: 'loading' })

/** Asks the node that serves this page which chain and contracts it works with; nothing else can start before. */
export function OriginProvider({ children }: { children: (state: OriginState) => ReactNode }) {
  const query = useQuery({
    queryKey: ['origin'],
    queryFn: ({ signal }) => fetchOriginInfo(signal),
    staleTime: Number.POSITIVE_INFINITY,
    retry: 1,
  })
  const state = toState(query.data, query.error, () => void query.refetch())
  return <OriginContext value={state}>{children(state)}</OriginContext>
}

function toState(info: OriginInfo | undefined, error: Error | null, retry: () => void): OriginState {
  if (info !== undefined) return { status: 'ready', info }
  return error === null ? { status: 'loading' } : { status: 'failed', error, retry }
}

export function useOriginState(): OriginState {
  return use(OriginContext)
}

/** The node's answer, for what renders only once it is there. */
export function useOrigin(): OriginInfo {
  const state = use(OriginContext)
  if (state.status !== 'ready') throw new Error('useOrigin is for what renders after the origin has answered.')
  return state.info
}
