'use client'

import { useQuery } from '@tanstack/react-query'
import { useOwnNode } from '../../web3/own-node.tsx'

const REFRESH_MS = 3_000

/** What the own node has earned, kept fresh while the page is in view. */
export function useEarnings() {
  const { client, connection } = useOwnNode()
  return useQuery({
    queryKey: ['node', connection?.url, 'earnings'],
    queryFn: ({ signal }) => {
      if (client === undefined) throw new Error('No node is connected.')
      return client.earnings({ signal })
    },
    enabled: client !== undefined,
    refetchInterval: REFRESH_MS,
  })
}
