import type { SluiceError } from '../errors.ts'
import type { SliceSource } from './source.ts'

/** Why a source is no longer used: it served a wrong slice, overcharged, stalled or left. */
export type SourceReport = {
  readonly peerId: string
  readonly error: SluiceError
  /** Under which it was added; a peer id may be said by many. */
  readonly name?: string
}

/** What may carry the exchange between two nodes. */
export type Via = 'libp2p' | 'ws'

/** What a source was added with. */
export type AddOptions = { readonly handicap?: number; readonly name?: string; readonly via?: Via | undefined }

export type SwarmStats = {
  readonly peerId: string
  /** What it was reached by, as it was said when it was added. */
  readonly via?: Via
  readonly slices: number
  /** Of those, slices of a source with a price that cost nothing, since they are public. */
  readonly free: number
  /** Slices per second, once one has been measured. */
  readonly rate: number | undefined
  /** Value of what was fetched there, base units. */
  readonly paid: bigint
}

export type FetchedSlice = { readonly index: number; readonly bytes: Uint8Array }

/** Many sources of one content behind one. Slices are verified by the sources; see {@link SliceSource}. */
export type Swarm = {
  /**
   * A source that joins late is used from then on; a source is closed with the swarm. With a `handicap` its slices count as
   * coming so many seconds later; its reports bear its `name`, its stats what it was reached `via`.
   */
  add(source: SliceSource, options?: AddOptions): void
  /** No more sources will come: what none of them has is missing. */
  complete(): void
  /**
   * One slice, from whoever has it soonest. `deadline` (unix milliseconds) orders it among the others.
   * @throws SLICE_MISSING, NO_PROVIDERS, INSUFFICIENT_FUNDS, ABORTED
   */
  fetchSlice(index: number, options?: { deadline?: number; signal?: AbortSignal }): Promise<Uint8Array>
  /**
   * The slices of a range but those that `have` names: in order and a little ahead while streaming, the rarest first and
   * as they come while downloading. At most `window` slices are in memory; a download takes fewer where its sources need
   * no more to be kept busy.
   */
  slices(range: { first: number; last: number }): AsyncIterable<FetchedSlice>
  /** What came from whom, sources that have left included. */
  stats(): SwarmStats[]
  close(): Promise<void>
}
