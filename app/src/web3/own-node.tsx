'use client'

import { createNodeClient } from '@sluice/node/api/client'
import type { NodeClient, NodeStatus } from '@sluice/node/api/client'
import { useQuery } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { storeConnection, takeConnection } from './connection.ts'
import type { NodeConnection } from './connection.ts'

const REFRESH_MS = 10_000

export type OwnNode = {
  /** Undefined until a node was connected. */
  readonly connection: NodeConnection | undefined
  readonly client: NodeClient | undefined
  readonly status: NodeStatus | undefined
  readonly error: Error | null
  readonly connect: (connection: NodeConnection) => void
  readonly disconnect: () => void
}

const OwnNodeContext = createContext<OwnNode | undefined>(undefined)

/** The reader's own node, by the address and token that it printed; both live as long as the tab. */
export function OwnNodeProvider({ children }: { children: ReactNode }) {
  const [connection, setConnection] = useState<NodeConnection>()
  useEffect(() => {
    const take = () => setConnection(takeConnection())
    take()
    window.addEventListener('hashchange', take)
    return () => window.removeEventListener('hashchange', take)
  }, [])
  const client = useMemo(() => (connection === undefined ? undefined : createNodeClient(connection)), [connection])
  const { data: status, error } = useQuery({
    queryKey: ['node', connection?.url, 'status'],
    queryFn: ({ signal }) => {
      if (client === undefined) throw new Error('No node is connected.')
      return client.status({ signal })
    },
    enabled: client !== undefined,
    refetchInterval: REFRESH_MS,
    retry: false,
  })
  const change = (next: NodeConnection | undefined) => {
    storeConnection(next)
    setConnection(next)
  }
  const value: OwnNode = {
    connection,
    client,
    status: client === undefined ? undefined : status,
    error: client === undefined ? null : error,
    connect: change,
    disconnect: () => change(undefined),
  }
  return <OwnNodeContext value={value}>{children}</OwnNodeContext>
}

export function useOwnNode(): OwnNode {
  const node = use(OwnNodeContext)
  if (node === undefined) throw new Error('useOwnNode is for what renders inside OwnNodeProvider.')
  return node
}
