import type { SluiceContracts } from '@sluice/sdk/chain'
import type { Log as ChainLog, PublicClient } from 'viem'
import type { Log } from '../log.ts'
import { parseChainEvents } from './chain-events.ts'
import type { ChainEvent } from './chain-events.ts'

/** Blocks read again on every poll: a reorganisation that is deeper goes unnoticed until caches expire. */
const OVERLAP = 12n
const MAX_RANGE = 2000n
const MAX_BACKOFF_MS = 60_000

export type WatcherOptions = {
  readonly client: PublicClient
  readonly contracts: SluiceContracts
  readonly pollIntervalMs: number
  /** Where to go on after a restart; the head when there is nothing yet. */
  readonly cursor: { load(): bigint | undefined; save(block: bigint): void }
  readonly log: Log
}

export type ChainWatcher = {
  /** Last block that was read. */
  head(): bigint
  /** Whether the last poll succeeded; while false, caches must not be believed. */
  healthy(): boolean
  /** New events in order, at least once each: after a reorganisation they may come again from other blocks. */
  onEvents(listener: (events: readonly ChainEvent[]) => void): () => void
  /** Events that were told are no longer on the chain, or some may have been missed. */
  onReorg(listener: () => void): () => void
  stop(): Promise<void>
}

/** Polls the contracts' logs. Failures are logged, retried with backoff, and never end the watcher. */
export async function startWatcher(options: WatcherOptions): Promise<ChainWatcher> {
  const { client, contracts, pollIntervalMs, cursor, log } = options
  const listeners = { events: new Set<(events: readonly ChainEvent[]) => void>(), reorg: new Set<() => void>() }
  const seen = new Map<string, bigint>()
  let head = await client.getBlockNumber()
  let next = (cursor.load() ?? head) + 1n
  // A chain that was started anew, as in development, is shorter than what was read of the old one.
  if (next > head + 1n) next = head + 1n
  let healthy = true
  let failures = 0
  let stopped = false
  let running: Promise<void> = Promise.resolve()
  let timer = setTimeout(poll, 0)

  function poll(): void {
    running = readNew()
      .then(() => recover())
      .catch((error: unknown) => degrade(error))
      .then(() => {
        if (!stopped) timer = setTimeout(poll, Math.min(pollIntervalMs * 2 ** failures, MAX_BACKOFF_MS))
      })
  }

  function recover(): void {
    if (!healthy) log.info({ head: Number(head) }, 'the chain answers again')
    healthy = true
    failures = 0
  }

  function degrade(error: unknown): void {
    if (healthy) log.warn({ err: error }, 'the chain does not answer; retrying')
    healthy = false
    failures = Math.min(failures + 1, 8)
  }

  async function readNew(): Promise<void> {
    const latest = await client.getBlockNumber()
    if (latest === head && next > head) return
    while (next <= latest && !stopped) {
      const to = min(next + MAX_RANGE - 1n, latest)
      await readRange(next > OVERLAP ? next - OVERLAP : 0n, to)
      next = to + 1n
      cursor.save(to)
    }
    // A shorter chain is another chain: what was told may be gone.
    if (latest < head) {
      next = latest + 1n
      tell(listeners.reorg, undefined)
    }
    head = latest
  }

  async function readRange(fromBlock: bigint, toBlock: bigint): Promise<void> {
    const logs = await client.getLogs({ address: Object.values(contracts), fromBlock, toBlock })
    if (hasVanished(logs, fromBlock)) {
      log.warn({ fromBlock: Number(fromBlock) }, 'the chain was reorganised')
      tell(listeners.reorg, undefined)
    }
    const fresh = logs.filter((entry) => !seen.has(keyOf(entry)))
    for (const [key, block] of seen) if (block < toBlock - 2n * OVERLAP) seen.delete(key)
    for (const entry of fresh) seen.set(keyOf(entry), entry.blockNumber)
    const events = parseChainEvents(fresh)
    if (events.length > 0) tell(listeners.events, events)
  }

  function hasVanished(logs: readonly ChainLog<bigint, number, false>[], fromBlock: bigint): boolean {
    const present = new Set(logs.map(keyOf))
    return [...seen].some(([key, block]) => block >= fromBlock && !present.has(key))
  }

  function tell<T>(audience: ReadonlySet<(value: T) => void>, value: T): void {
    for (const listener of audience) {
      try {
        listener(value)
      } catch (error) {
        log.error({ err: error }, 'a listener to the chain failed')
      }
    }
  }

  return {
    head: () => head,
    healthy: () => healthy,
    onEvents: (listener) => subscribe(listeners.events, listener),
    onReorg: (listener) => subscribe(listeners.reorg, listener),
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

function subscribe<T>(audience: Set<T>, listener: T): () => void {
  audience.add(listener)
  return () => void audience.delete(listener)
}

function keyOf({ blockHash, logIndex }: ChainLog<bigint, number, false>): string {
  return `${blockHash}:${logIndex}`
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
