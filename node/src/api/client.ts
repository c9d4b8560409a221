import { SluiceError } from '@sluice/sdk'
import { createRequester } from './request.ts'
import type { RequestOptions } from './request.ts'
import type {
  ChannelRole,
  ChannelSummary,
  ClaimRequest,
  ClaimResult,
  ContentSummary,
  DownloadRequest,
  Earnings,
  Health,
  HeldContent,
  Job,
  JobCreated,
  NodeStatus,
  PeerSummary,
  RegisterRequest,
  ScrubRequest,
  SeedRequest,
  UploadCommit,
  UploadCreated,
  UploadRequest,
  UploadStatus,
} from './types.ts'

export type * from './types.ts'
export type { RequestOptions } from './request.ts'

/** Claims and job look-ups wait for the chain or the network. */
const SLOW_MS = 300_000
const MAX_EVENT_LINE = 64 * 1024
/** Connections to follow one job at most. */
const EVENT_ATTEMPTS = 5

/** What {@link createNodeClient} needs: the admin listener's base URL and the node's token. */
export type NodeClientOptions = { readonly url: string; readonly token: string }
export type NodeClient = ReturnType<typeof createNodeClient>

/**
 * The typed client of a node's admin API: `fetch` only, so it runs in the page and in Node. Every method rejects with a
 * {@link SluiceError}: NODE_UNREACHABLE when nothing answers, UNAUTHORIZED when the token is not the node's, TIMEOUT,
 * ABORTED, or the code that the node answered. All take `{ signal }`.
 */
export function createNodeClient(options: NodeClientOptions) {
  const { json, bytes, raw } = createRequester(options)
  const path = encodeURIComponent
  return {
    health: (o?: RequestOptions) => json<Health>('GET', '/healthz', o),
    status: (o?: RequestOptions) => json<NodeStatus>('GET', '/v1/status', o),
    peers: (o?: RequestOptions) => json<PeerSummary[]>('GET', '/v1/peers', o),

    contents: (o?: RequestOptions) => json<HeldContent[]>('GET', '/v1/contents', o),
    /** A content as a CARv1, streamed; it breaks off where a slice turns out to be damaged. */
    exportCar: (root: string, o?: RequestOptions) => raw('GET', `/v1/contents/${path(root)}/car`, o),
    removeContent: (root: string, o?: RequestOptions) => json<void>('DELETE', `/v1/contents/${path(root)}`, o),
    pinContent: (root: string, pinned: boolean, o?: RequestOptions) =>
      json<ContentSummary>('PUT', `/v1/contents/${path(root)}/pin`, { ...o, body: { pinned } }),
    /** Wants that many copies on other nodes, of what was uploaded here. */
    setReplicas: (root: string, replicas: number, o?: RequestOptions) =>
      json<ContentSummary>('PUT', `/v1/contents/${path(root)}/replicas`, { ...o, body: { replicas } }),
    registerContent: (root: string, body: RegisterRequest, o?: RequestOptions) =>
      json<ContentSummary>('POST', `/v1/contents/${path(root)}/register`, { ...o, body }),

    createUpload: (body: UploadRequest, o?: RequestOptions) =>
      json<UploadCreated>('POST', '/v1/uploads', { ...o, body }),
    upload: (id: string, o?: RequestOptions) => json<UploadStatus>('GET', `/v1/uploads/${path(id)}`, o),
    /** Puts one slice, at most 262,144 bytes; putting it again with the same bytes is harmless. */
    putUploadSlice: (id: string, index: number, slice: Uint8Array, o?: RequestOptions) =>
      json<void>('PUT', `/v1/uploads/${path(id)}/slices/${index}`, { ...o, bytes: slice }),
    /** The node recomputes every CID and refuses with MANIFEST_INVALID unless they give the manifest's root. */
    commitUpload: (id: string, body: UploadCommit, o?: RequestOptions) =>
      json<ContentSummary>('POST', `/v1/uploads/${path(id)}/commit`, { timeoutMs: SLOW_MS, ...o, body }),
    removeUpload: (id: string, o?: RequestOptions) => json<void>('DELETE', `/v1/uploads/${path(id)}`, o),

    /** Puts a manifest, lockbox, DAG node or thumbnail, at most 1 MiB; BAD_INPUT when the bytes are not the CID's. */
    putBlock: (cid: string, block: Uint8Array, o?: RequestOptions) =>
      json<void>('PUT', `/v1/blocks/${path(cid)}`, { ...o, bytes: block }),
    getBlock: (cid: string, o?: RequestOptions) => bytes(`/v1/blocks/${path(cid)}`, o),

    startSeed: (body: SeedRequest, o?: RequestOptions) =>
      json<JobCreated>('POST', '/v1/seeds', { timeoutMs: SLOW_MS, ...o, body }),
    /** Reads what is here again and compares it; what is damaged is fetched again by jobs of its own. */
    startScrub: (body: ScrubRequest = {}, o?: RequestOptions) => json<JobCreated>('POST', '/v1/scrubs', { ...o, body }),
    startDownload: (body: DownloadRequest, o?: RequestOptions) =>
      json<JobCreated>('POST', '/v1/downloads', { timeoutMs: SLOW_MS, ...o, body }),
    job: (id: string, o?: RequestOptions) => json<Job>('GET', `/v1/jobs/${path(id)}`, o),
    cancelJob: (id: string, o?: RequestOptions) => json<void>('DELETE', `/v1/jobs/${path(id)}`, o),
    /** The job as it moves, from its present state to its last; a connection that breaks in between is made anew. */
    jobEvents: (id: string, o?: RequestOptions) =>
      followJob(() => raw('GET', `/v1/jobs/${path(id)}/events`, o), o?.signal),
    /** The plaintext as a streaming response; `range` is inclusive, in bytes. */
    downloadContent: (id: string, o?: RequestOptions & { range?: { first: number; last?: number } }) =>
      raw('GET', `/v1/downloads/${path(id)}/content`, {
        ...o,
        ...(o?.range === undefined ? {} : { headers: { range: `bytes=${o.range.first}-${o.range.last ?? ''}` } }),
      }),

    channels: (role: ChannelRole, o?: RequestOptions) => json<ChannelSummary[]>('GET', `/v1/channels?role=${role}`, o),
    earnings: (o?: RequestOptions) => json<Earnings>('GET', '/v1/earnings', o),
    claim: (body: ClaimRequest = {}, o?: RequestOptions) =>
      json<ClaimResult[]>('POST', '/v1/claims', { timeoutMs: SLOW_MS, ...o, body }),
  }
}

async function* followJob(open: () => Promise<Response>, signal?: AbortSignal): AsyncGenerator<Job, void, undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const { body } = await open()
    try {
      for await (const job of readJobEvents(body)) {
        yield job
        if (job.state !== 'running') return
      }
      if (attempt === EVENT_ATTEMPTS) return
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause
      if (signal?.aborted === true) throw new SluiceError('ABORTED', 'Nobody follows the job any more.', { cause })
      if (attempt === EVENT_ATTEMPTS) throw new SluiceError('NODE_UNREACHABLE', 'The node went silent.', { cause })
    }
  }
}

async function* readJobEvents(body: Response['body']): AsyncGenerator<Job, void, undefined> {
  if (body === null) return
  let rest = ''
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MAX_EVENT_LINE) throw new SluiceError('PROTOCOL_VIOLATION', 'The node sent an endless event.')
    // An empty line is the node's heartbeat.
    for (const line of lines) if (line !== '') yield JSON.parse(line) as Job
  }
}
