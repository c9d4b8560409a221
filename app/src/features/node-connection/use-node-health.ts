import { useOwnNode } from '../../web3/own-node.tsx'

export type NodeHealth = { readonly tone: 'absent' | 'waiting' | 'good' | 'bad'; readonly text: string }

/** How the own node is doing, in one line. */
export function useNodeHealth(): NodeHealth {
  const { connection, status, error } = useOwnNode()
  if (connection === undefined) return { tone: 'absent', text: 'No node of your own is connected' }
  if (error !== null) return { tone: 'bad', text: 'Your node does not answer' }
  if (status === undefined) return { tone: 'waiting', text: 'Asking your node' }
  if (!status.chainHealthy) return { tone: 'bad', text: `Your node ${status.name} cannot reach its chain` }
  if (status.peers === 0) return { tone: 'waiting', text: `Your node ${status.name} has no peers yet` }
  return { tone: 'good', text: `Your node ${status.name} is up` }
}
