import type { DownloadRequest, Job, ScrubRequest, SeedRequest } from '../api/types.ts'
import type { StoredContent } from '../store/index.ts'

/** A finished or running download as the reader of its plaintext sees it. */
export type DownloadContent = {
  readonly byteSize: number
  readonly mime: string
  /** File name, without a path. */
  readonly name: string
  /** Plaintext bytes `first..last`, both included, as they become available; ends early only by throwing. */
  read(first: number, last: number, signal: AbortSignal): AsyncIterable<Uint8Array>
}

/** The long-running work of a node: seeding what it does not have yet, downloading, and looking after what it has. */
export type Jobs = {
  /** Starts a job and returns its id. Throws CONTENT_UNKNOWN, NO_PROVIDERS, NOT_ENTITLED and the like at once. */
  startSeed(request: SeedRequest): Promise<string>
  startDownload(request: DownloadRequest): Promise<string>
  /** `bytesPerSecond` bounds how fast the disk is read. Throws CONTENT_UNKNOWN for a root that is not here. */
  startScrub(request: ScrubRequest, options?: { readonly bytesPerSecond?: number }): Promise<string>
  /**
   * Takes a replica that a peer offers; the job's id, or `undefined` where the owner's limits do not allow it. Throws
   * TIMEOUT, and takes nothing, where `signal` aborts before it is known whether they do.
   */
  startReplica(
    reference: string,
    peerId: string,
    options: { readonly signal: AbortSignal },
  ): Promise<string | undefined>
  /** Goes on with a replica of which a part is here since an earlier run. Throws what taking it throws; the part stays. */
  resumeReplica(content: StoredContent, options: { readonly signal: AbortSignal }): Promise<string>
  get(id: string): Job | undefined
  /** The job's states from now to its last one. Throws JOB_UNKNOWN. */
  events(id: string, options: { readonly signal: AbortSignal }): AsyncIterable<Job>
  /** Stops a job and forgets it; what is on disk stays. Throws JOB_UNKNOWN. */
  cancel(id: string): Promise<void>
  /** Throws JOB_UNKNOWN for another id than a download's. */
  content(id: string): Promise<DownloadContent>
  /** Ends all jobs. */
  stop(): Promise<void>
}

/** A job whose content is known: how to do it, and for a download how to read it. */
export type Prepared = { readonly run: () => Promise<void>; readonly content?: DownloadContent }
