import type { SluiceContracts } from '@sluice/sdk/chain'
import type { PublicClient } from 'viem'
import type { Log } from '../log.ts'
import { createAudience } from './audience.ts'
import type { ChainEvent } from './chain-events.ts'
import { createLogReader } from './log-reader.ts'

/** Blocks read again on every poll: a reorganisation that is deeper goes unnoticed until caches expire. */
const OVERLAP = 12n
const MAX_RANGE = 2000n
const MAX_BACKOFF_MS = 60_000
const MAX_FAILURES = 8

export type WatcherOptions = {
  readonly client: PublicClient
  readonly contracts: SluiceContracts
  readonly pollIntervalMs: number
  /** Where to go on after a restart; the head when there is nothing yet. */
  readonly cursor: { load(): bigint | undefined; save(block: bigint): void }
  readonly log: Log
}

/** Polls the contracts' logs. Failures are logged, retried with backoff, and never end the watcher. */
export class ChainWatcher {
  readonly #options: WatcherOptions
  readonly #reader: ReturnType<typeof createLogReader>
  readonly #events: ReturnType<typeof createAudience<readonly ChainEvent[]>>
  readonly #reorgs: ReturnType<typeof createAudience<undefined>>
  #head: bigint
  #next: bigint
  #healthy = true
  #failures = 0
  #stopped = false
  #running: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  /** `head` is the chain's last block now. Nothing is read before `start`. */
  constructor(options: WatcherOptions, head: bigint) {
    const { client, contracts, cursor, log } = options
    this.#options = options
    this.#reader = createLogReader(client, Object.values(contracts), 2n * OVERLAP)
    this.#events = createAudience(log)
    this.#reorgs = createAudience(log)
    this.#head = head
    // A chain that was started anew, as in development, is shorter than what was read of the old one.
    this.#next = min(cursor.load() ?? head, head) + 1n
  }

  /** Last block that was read. */
  head(): bigint {
    return this.#head
  }

  /** Whether the last poll succeeded; while false, caches must not be believed. */
  healthy(): boolean {
    return this.#healthy
  }

  /** New events in order, at least once each: after a reorganisation they may come again from other blocks. */
  onEvents(listener: (events: readonly ChainEvent[]) => void): () => void {
    return this.#events.subscribe(listener)
  }

  /** Events that were told are no longer on the chain, or some may have been missed. */
  onReorg(listener: () => void): () => void {
    return this.#reorgs.subscribe(listener)
  }

  /** Starts reading, from where the last run ended: whoever must not miss that listens before. */
  start(): void {
    this.#timer = setTimeout(() => this.#poll(), 0)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  #poll(): void {
    this.#running = this.#readNew()
      .then(() => this.#recover())
      .catch((error: unknown) => this.#degrade(error))
      .then(() => {
        const delay = Math.min(this.#options.pollIntervalMs * 2 ** this.#failures, MAX_BACKOFF_MS)
        if (!this.#stopped) this.#timer = setTimeout(() => this.#poll(), delay)
      })
  }

  #recover(): void {
    if (!this.#healthy) this.#options.log.info({ head: Number(this.#head) }, 'the chain answers again')
    this.#healthy = true
    this.#failures = 0
  }

  #degrade(error: unknown): void {
    if (this.#healthy) this.#options.log.warn({ err: error }, 'the chain does not answer; retrying')
    this.#healthy = false
    this.#failures = Math.min(this.#failures + 1, MAX_FAILURES)
  }

  async #readNew(): Promise<void> {
    const latest = await this.#options.client.getBlockNumber()
    if (latest === this.#head && this.#next > latest) return
    while (this.#next <= latest && !this.#stopped) {
      const to = min(this.#next + MAX_RANGE - 1n, latest)
      await this.#readRange(this.#next > OVERLAP ? this.#next - OVERLAP : 0n, to)
      this.#next = to + 1n
      this.#options.cursor.save(to)
    }
    // A shorter chain is another chain: what was told may be gone.
    if (latest < this.#head) {
      this.#next = latest + 1n
      this.#reorgs.tell(undefined)
    }
    this.#head = latest
  }

  async #readRange(fromBlock: bigint, toBlock: bigint): Promise<void> {
    const { events, reorganised } = await this.#reader.read(fromBlock, toBlock)
    if (reorganised) {
      this.#options.log.warn({ fromBlock: Number(fromBlock) }, 'the chain was reorganised')
      this.#reorgs.tell(undefined)
    }
    if (events.length > 0) this.#events.tell(events)
  }
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right
}
