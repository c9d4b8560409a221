import { createFakeChain } from '../../../subgraph/runner/test/fake-chain.ts'
import type { FakeEvent } from '../../../subgraph/runner/test/fake-chain.ts'
import { startFakeRpc } from '../../../subgraph/runner/test/rpc-server.ts'
import { answerCalls } from '../harness/answer.ts'

const ITEMS = 20_000
const OWNERS = 1_000
/** The index takes blocks near the head one by one; what is measured is all below. */
const EMPTY_BLOCKS = 64

/** A chain behind JSON-RPC, with the same events on every run: things that are new or change, of a thousand owners. */
const commands = {
  /** Makes the chain; resolves to where it answers, and its head. */
  async start(events: number, eventsPerBlock: number): Promise<{ url: string; head: number }> {
    const chain = createFakeChain()
    for (let made = 0; made < events; made += eventsPerBlock) {
      const count = Math.min(eventsPerBlock, events - made)
      chain.mine(Array.from({ length: count }, (_, index) => eventOf(made + index)))
    }
    for (let block = 0; block < EMPTY_BLOCKS; block += 1) chain.mine([])
    const { url } = await startFakeRpc(chain)
    return { url, head: Number(chain.head().block.number) }
  },
}

export type ChainRpc = typeof commands

function eventOf(number: number): FakeEvent {
  const id = BigInt((number * 7_919) % ITEMS)
  const owner = `0x${((number % OWNERS) + 1).toString(16).padStart(40, '0')}` as const
  return { kind: 'put', id, owner, amount: BigInt(number), name: `film ${number % 5_000}` }
}

answerCalls(commands)
