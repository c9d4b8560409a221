import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { SluiceContracts } from '../../../sdk/src/chain/index.ts'
import { answerCalls } from '../harness/answer.ts'
import { createStoryChain } from '../support/story/chain.ts'
import type { StoredBlock, StoredChain } from '../support/story/chain.ts'

/** An index takes blocks near the head one by one; what is measured is all below. */
const EMPTY_BLOCKS = 80
const BLOCKS_APART = 10
const MAX_LOGS = 10_000

type Call = { readonly id: number; readonly method: string; readonly params?: readonly unknown[] }
type LogQuery = {
  readonly fromBlock?: string
  readonly toBlock?: string
  readonly blockHash?: string
  readonly address?: string | readonly string[]
  readonly topics?: readonly (string | readonly string[] | null)[]
}

/**
 * A chain behind JSON-RPC, with the same events on every run, whose answers lie ready as text: answering
 * takes next to nothing.
 */
const commands = {
  /** Makes the chain; resolves to where it answers, and its head. */
  async start(
    contracts: SluiceContracts,
    events: number,
    eventsPerBlock: number,
  ): Promise<{ url: string; head: number }> {
    const chain = createStoryChain({
      contracts,
      events,
      eventsPerBlock,
      blocksApart: BLOCKS_APART,
      emptyBlocks: EMPTY_BLOCKS,
    })
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        const parsed = JSON.parse(body) as Call | Call[]
        const answered = Array.isArray(parsed)
          ? `[${parsed.map((call) => answer(chain, call)).join(',')}]`
          : answer(chain, parsed)
        response.writeHead(200, { 'content-type': 'application/json' }).end(answered)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, head: chain.head }
  },
}

export type ChainRpc = typeof commands

function answer(chain: StoredChain, call: Call): string {
  const start = `{"jsonrpc":"2.0","id":${JSON.stringify(call.id)}`
  const result = resultOf(chain, call)
  return result === undefined
    ? `${start},"error":{"code":-32601,"message":"no such method, or too much asked for"}}`
    : `${start},"result":${result}}`
}

/** As JSON. */
function resultOf(chain: StoredChain, { method, params = [] }: Call): string | undefined {
  const [first, isFull] = params
  switch (method) {
    case 'eth_chainId':
      return '"0x7a69"'
    case 'eth_blockNumber':
      return `"0x${chain.head.toString(16)}"`
    case 'eth_getBlockByNumber':
      return blockText(chain.block(numberOf(chain, String(first))), isFull === true)
    case 'eth_getBlockByHash': {
      const number = chain.numberOf(String(first))
      return blockText(number === undefined ? undefined : chain.block(number), isFull === true)
    }
    case 'eth_getLogs':
      return logsText(chain, first as LogQuery)
    default:
      return undefined
  }
}

function numberOf(chain: StoredChain, tag: string): number {
  if (tag.startsWith('0x')) return Number(tag)
  return tag === 'earliest' ? 0 : chain.head
}

function blockText(block: StoredBlock | undefined, isFull: boolean): string {
  if (block === undefined) return 'null'
  return `${block.header},"transactions":${isFull ? block.transactions : block.hashes}}`
}

function logsText(chain: StoredChain, query: LogQuery): string | undefined {
  const [isAddress, isTopic] = [oneOf(query.address), oneOf(query.topics?.[0])]
  const texts: string[] = []
  for (const number of numbersOf(chain, query)) {
    const logs = chain.block(number)?.logs.filter(({ address, topic }) => isAddress(address) && isTopic(topic)) ?? []
    texts.push(...logs.map(({ text: json }) => json))
    if (texts.length > MAX_LOGS) return undefined
  }
  return `[${texts.join(',')}]`
}

/** The blocks asked for that hold something. */
function numbersOf(chain: StoredChain, { fromBlock, toBlock, blockHash }: LogQuery): readonly number[] {
  if (blockHash !== undefined) return [chain.numberOf(blockHash) ?? -1]
  const to = numberOf(chain, toBlock ?? 'latest')
  const numbers: number[] = []
  const first = Math.ceil(numberOf(chain, fromBlock ?? 'latest') / BLOCKS_APART)
  for (let at = first * BLOCKS_APART; at <= Math.min(to, chain.head); at += BLOCKS_APART) numbers.push(at)
  return numbers
}

/** Whether a value is among those asked for; where none are, all are. */
function oneOf(values: string | readonly string[] | null | undefined): (value: string) => boolean {
  if (values === null || values === undefined) return () => true
  const wanted = new Set((typeof values === 'string' ? [values] : values).map((value) => value.toLowerCase()))
  return (value) => wanted.has(value)
}

answerCalls(commands)
