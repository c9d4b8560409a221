/**
 * What the Service Worker and a page say to each other about one request for a stream. The worker opens a MessageChannel
 * per request and posts `StreamRequest` with one of its ports; everything after that goes over the port.
 */
export type StreamRequest = { readonly type: 'sluice/stream'; readonly token: string }

/** Page to worker: what the stream is, or that this page does not have it. */
export type StreamHead =
  | { readonly type: 'head'; readonly size: number; readonly mime: string; readonly name: string }
  | { readonly type: 'missing' }

/** Worker to page: bytes `[start, end)` are wanted; then one `pull` per chunk, so that nothing runs ahead of the reader. */
export type StreamCommand =
  | { readonly type: 'start'; readonly start: number; readonly end: number }
  | { readonly type: 'pull' }
  | { readonly type: 'cancel' }

/** Page to worker, one for each `pull`. */
export type StreamChunk =
  | { readonly type: 'chunk'; readonly bytes: ArrayBuffer }
  | { readonly type: 'end' }
  | { readonly type: 'error'; readonly message: string }

/** Page to worker: take control of me. */
export const CLAIM = 'sluice/claim'

/** Where streams live below the page's origin; `/~stream/TOKEN` plays or shows, `/~stream/TOKEN/save` downloads. */
export const STREAM_PATH = '/~stream/'

const TOKEN = /^[0-9a-f]{32}$/u

/** Reads a stream's token and purpose from a path; undefined for every other path. */
export function parseStreamPath(pathname: string): { token: string; save: boolean } | undefined {
  if (!pathname.startsWith(STREAM_PATH)) return undefined
  const [token = '', action, ...rest] = pathname.slice(STREAM_PATH.length).split('/')
  if (!TOKEN.test(token) || rest.length > 0) return undefined
  if (action !== undefined && action !== 'save') return undefined
  return { token, save: action === 'save' }
}
