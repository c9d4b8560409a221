import { createHash } from 'node:crypto'
import { getAddress } from 'viem'
import type { Address, Hex } from 'viem'
import type { SluiceContracts } from '../../../../sdk/src/chain/index.ts'
import { createRandom } from '../../../lib/random.ts'

/** An event as a contract emits it; `args` by the names of the ABI. */
export type StoryEvent = {
  readonly contract: keyof SluiceContracts
  readonly name: string
  readonly args: Readonly<Record<string, unknown>>
}

export type StoryTransaction = {
  readonly from: Address
  readonly to: keyof SluiceContracts
  readonly input: Hex
  readonly events: readonly StoryEvent[]
}

export type Content = { readonly id: Hex; readonly creator: Address; version: number }
export type Edition = {
  readonly id: bigint
  readonly content: Content
  readonly price: bigint
  readonly holders: Address[]
}
export type Channel = { readonly id: Hex; readonly payer: Address; readonly payee: Address; claimed: bigint }
export type Offer = { readonly edition: Edition; readonly seller: Address }

/** What has happened so far, as far as later deeds go by it. */
export type World = {
  /** In [0, 1), the same on every run. */
  readonly random: () => number
  /** 32 bytes that nobody had before, the same on every run. */
  readonly fresh: () => Hex
  /** Calldata of about this many bytes: what arguments and signatures come to. */
  readonly calldata: (bytes: number) => Hex
  /** Anybody; a few are far busier than most. */
  readonly wallet: () => Address
  /** One of those that serve slices for money. */
  readonly node: () => Address
  readonly nodes: readonly Address[]
  readonly contents: Content[]
  readonly editions: Edition[]
  readonly channels: Channel[]
  readonly offers: Offer[]
  readonly sessions: Map<Address, { readonly qx: Hex; readonly qy: Hex }>
  readonly approved: Set<Address>
  readonly follows: Set<string>
  readonly reactions: Map<string, number>
  /** Unix seconds of the block that is being made. */
  now: number
}

const WALLETS = 3_000
const NODES = 60

export function createWorld(seed: number): World {
  const random = createRandom(seed)
  let count = 0
  const fresh = (): Hex =>
    `0x${createHash('sha256')
      .update(`${seed} ${(count += 1)}`)
      .digest('hex')}`
  const address = (): Address => getAddress(fresh().slice(0, 42))
  const wallets = Array.from({ length: WALLETS }, address)
  const nodes = Array.from({ length: NODES }, address)
  return {
    random,
    fresh,
    calldata: (bytes) => {
      let words = fresh().slice(0, 10)
      while (words.length < 2 * bytes) words += fresh().slice(2)
      return words as Hex
    },
    wallet: () => pick(wallets, random),
    node: () => pick(nodes, random),
    nodes,
    contents: [],
    editions: [],
    channels: [],
    offers: [],
    sessions: new Map(),
    approved: new Set(),
    follows: new Set(),
    reactions: new Map(),
    now: 0,
  }
}

/** One of a list that is not empty; the first ones far more often than the last (Zipf). */
export function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(list.length ** random()) - 1] ?? list[0]
  if (found === undefined) throw new RangeError('There is nothing to pick from.')
  return found
}

/** Takes one out, any with the same chance; undefined where there is none. */
export function take<T>(list: T[], random: () => number): T | undefined {
  const [taken] = list.splice(Math.floor(random() * list.length), 1)
  return taken
}
