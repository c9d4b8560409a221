import type { HttpBindings } from '@hono/node-server'
import { SluiceError } from '@sluice/sdk'
import { LEAF_BYTES, parseCid } from '@sluice/sdk/content'
import { hasBit } from '@sluice/sdk/exchange'
import { WIRE_LIMITS } from '@sluice/sdk/wire'
import type { Context } from 'hono'
import type { Places } from '../net/index.ts'
import type { PublicContent, PublicReader } from '../protocols/slice/index.ts'
import { planContent } from './content-plan.ts'
import type { ContentPlan } from './content-plan.ts'

type ContentAnswerer = { readonly reader: PublicReader; readonly places: Places }
type Bytes = Extract<ContentPlan, { status: 200 | 206 }>

/** How long whoever asked may leave a slice untaken. */
const STALL_MS = 30_000
const RETRY_AFTER_SECONDS = '1'
const IMMUTABLE = {
  'accept-ranges': 'bytes',
  'cache-control': 'public, max-age=31536000, immutable',
  'content-disposition': 'attachment',
  'content-type': 'application/octet-stream',
} as const

/**
 * `GET` and `HEAD /slices/:root`: the public slices as they are stored, one after the other, so sealed where the content
 * is. Whoever asks verifies them by CID. @throws CONTENT_UNKNOWN, NOT_ENTITLED, SLICE_MISSING, BAD_INPUT, RATE_LIMITED
 */
export async function answerContent(
  context: Context,
  { reader, places }: ContentAnswerer,
  addressPrefix: string,
): Promise<Response> {
  const root = parseCid(context.req.param('root') ?? '').toString()
  const content = await reader.find(root)
  if (content === undefined) throw new SluiceError('CONTENT_UNKNOWN', 'This content is not here.')
  if (!content.has.some((byte) => byte !== 0)) throw new SluiceError('NOT_ENTITLED', 'Nothing of it here is public.')
  const { byteLength } = content
  const etag = `"${root}"`
  const describe = (headers: Record<string, string>) => ({ ...IMMUTABLE, etag, ...headers })
  if (matchesEtag(context.req.header('if-none-match'), etag)) return context.body(null, 304, describe({}))
  if (context.req.method === 'HEAD') {
    const headers = { 'content-length': String(byteLength), 'sluice-slices': formatSlices(content) }
    // Which slices are here changes, the bytes never do.
    return context.body(null, 200, describe({ ...headers, 'cache-control': 'no-cache' }))
  }
  const plan = planContent(content, rangeOf(context, etag))
  if (plan.status === 416) return context.body(null, 416, { 'content-range': `bytes */${byteLength}` })
  const { status, first, last } = plan
  const body = open(context, { reader, places }, { content, plan, addressPrefix })
  const range = status === 206 ? { 'content-range': `bytes ${first}-${last}/${byteLength}` } : {}
  return context.body(body, status, describe({ 'content-length': String(last - first + 1), ...range }))
}

function open(
  context: Context,
  { reader, places }: ContentAnswerer,
  { content, plan, addressPrefix }: { content: PublicContent; plan: Bytes; addressPrefix: string },
): ReadableStream<Uint8Array> {
  const leave = places.take(addressPrefix)
  if (leave === undefined || !reader.reserve(addressPrefix, plan.lastSlice - plan.firstSlice + 1)) {
    leave?.()
    context.header('retry-after', RETRY_AFTER_SECONDS)
    throw new SluiceError('RATE_LIMITED', 'No more is given away to this network for now; try again in a moment.')
  }
  const { outgoing } = context.env as HttpBindings
  return streamSlices(reader, content, plan, {
    onEnd: (unread) => {
      leave()
      if (unread > 0) reader.release(addressPrefix, unread)
    },
    // All that can be said once the head of an answer has left.
    breakOff: () => outgoing.destroy(),
    onClosed: (listener) => void outgoing.once('close', listener),
  })
}

type Answering = {
  readonly onEnd: (unread: number) => void
  readonly breakOff: () => void
  /** When all was taken, or the connection broke. */
  readonly onClosed: (listener: () => void) => void
}

/** Reads a slice when the one before was taken; `onEnd` is told, once, how many were never read. */
function streamSlices(
  reader: PublicReader,
  content: PublicContent,
  { first, last, firstSlice, lastSlice }: Bytes,
  { onEnd, breakOff, onClosed }: Answering,
): ReadableStream<Uint8Array> {
  let next = firstSlice
  let ended = false
  let timer: NodeJS.Timeout | undefined
  const end = (): void => {
    clearTimeout(timer)
    if (!ended) onEnd(lastSlice + 1 - next)
    ended = true
  }
  const fail = (): void => {
    end()
    breakOff()
  }
  onClosed(end)
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    clearTimeout(timer)
    const index = next
    next += 1
    const slice = await reader.read(content, index).catch(() => undefined)
    if (ended) return
    if (slice === undefined) {
      fail()
      return
    }
    const start = index * LEAF_BYTES
    controller.enqueue(slice.subarray(Math.max(0, first - start), last + 1 - start))
    // The last one too holds the answer's place until it was taken.
    timer = setTimeout(fail, STALL_MS).unref()
    if (index === lastSlice) controller.close()
  }
  return new ReadableStream<Uint8Array>({ pull, cancel: end }, { highWaterMark: 0 })
}

/** `0-3,8`: the public slices that are here; where they are in more pieces than a Want may name, the first of them. */
function formatSlices({ has, sliceCount }: PublicContent): string {
  const ranges: string[] = []
  for (let first = 0; first < sliceCount && ranges.length < WIRE_LIMITS.ranges; first += 1) {
    if (!hasBit(has, first)) continue
    let last = first
    while (hasBit(has, last + 1)) last += 1
    ranges.push(first === last ? String(first) : `${first}-${last}`)
    first = last
  }
  return ranges.join(',')
}

/** A range counts only while the client's part is of the same bytes (RFC 9110, section 13.1.5). */
function rangeOf(context: Context, etag: string): string | undefined {
  const condition = context.req.header('if-range')
  return condition === undefined || condition === etag ? context.req.header('range') : undefined
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag)
}
