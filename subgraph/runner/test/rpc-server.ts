import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { RpcLog } from '../src/chain/types.ts'
import type { FakeBlock, FakeChain } from './fake-chain.ts'

type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }
type LogQuery = { fromBlock?: string; toBlock?: string; blockHash?: string; address?: string[]; topics: string[][] }

/** A fake chain behind JSON-RPC on loopback. */
export type FakeRpc = {
  readonly url: string
  /** Requests so far. */
  readonly requests: () => number
  /** What the next requests get instead of an answer, one each. */
  readonly fail: (...how: readonly ('reset' | 'status' | 'garbage' | 'limit')[]) => void
  readonly close: () => void
}

export async function startFakeRpc(chain: FakeChain, maxLogs = 10_000): Promise<FakeRpc> {
  const failing: ('reset' | 'status' | 'garbage' | 'limit')[] = []
  let requests = 0
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      requests += 1
      const how = failing.shift()
      if (how === 'reset') return response.destroy()
      if (how === 'status') return response.writeHead(503).end('busy')
      if (how === 'garbage') return response.end('{"jsonrpc":"2.0"}')
      const parsed = JSON.parse(body) as Call | Call[]
      const answer = (call: Call) => {
        if (how === 'limit') return { id: call.id, error: { code: -32005, message: 'rate limit exceeded' } }
        return { jsonrpc: '2.0', id: call.id, ...answerCall(chain, call, maxLogs) }
      }
      return response.end(JSON.stringify(Array.isArray(parsed) ? parsed.map(answer) : answer(parsed)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: () => requests,
    fail: (...how) => void failing.push(...how),
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answerCall({ blocks }: FakeChain, { method, params }: Call, maxLogs: number): object {
  const [first, isFull] = params
  const toAnswer = (found: FakeBlock | undefined) => {
    if (found === undefined) return { result: null }
    const { transactions, ...header } = found.block
    return {
      result: { ...header, transactions: isFull === true ? transactions : transactions.map(({ hash }) => hash) },
    }
  }
  if (method === 'eth_getBlockByNumber') return toAnswer(first === 'latest' ? blocks.at(-1) : blocks[Number(first)])
  if (method === 'eth_getBlockByHash') return toAnswer(blocks.find(({ block }) => block.hash === first))
  if (method !== 'eth_getLogs') return { error: { code: -32601, message: 'no such method' } }
  const query = first as LogQuery
  const among =
    query.blockHash === undefined
      ? blocks.slice(Number(query.fromBlock), Number(query.toBlock) + 1)
      : blocks.filter(({ block }) => block.hash === query.blockHash)
  if (query.blockHash !== undefined && among.length === 0) return { error: { code: -32000, message: 'unknown block' } }
  const logs = among.flatMap((block) => block.logs).filter((log) => isWanted(log, query))
  return logs.length > maxLogs ? { error: { code: -32000, message: 'too many results' } } : { result: logs }
}

function isWanted(log: RpcLog, { address, topics }: LogQuery): boolean {
  return (address?.includes(log.address) ?? true) && (topics[0]?.includes(log.topics[0] ?? '') ?? true)
}
