import { parseRange } from './range.ts'

/**
 * Types that the Service Worker answers with as themselves. What creators publish is hostile: none of these runs script,
 * and everything else leaves as a download. SVG and PDF are missing on purpose.
 */
export const INLINE_TYPES: ReadonlySet<string> = new Set([
  'audio/aac',
  'audio/flac',
  'audio/mp4',
  'audio/mpeg',
  'audio/ogg',
  'audio/wav',
  'audio/webm',
  'image/avif',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'video/mp4',
  'video/ogg',
  'video/webm',
])

export type Resource = { readonly size: number; readonly mime: string; readonly name: string }
export type Plan = {
  readonly status: 200 | 206 | 416
  readonly start: number
  readonly end: number
  readonly headers: Record<string, string>
}

/** Decides the answer to a request for `resource`: its status, the bytes `[start, end)` and the headers. */
export function planResponse(resource: Resource, rangeHeader: string | null, save: boolean): Plan {
  const range = parseRange(rangeHeader, resource.size)
  const headers = commonHeaders(resource, save)
  if (range.kind === 'unsatisfiable') {
    return {
      status: 416,
      start: 0,
      end: 0,
      headers: { ...headers, 'Content-Range': `bytes */${String(resource.size)}` },
    }
  }
  if (range.kind === 'whole') {
    return {
      status: 200,
      start: 0,
      end: resource.size,
      headers: { ...headers, 'Content-Length': String(resource.size) },
    }
  }
  const { start, end } = range
  return {
    status: 206,
    start,
    end,
    headers: {
      ...headers,
      'Content-Length': String(end - start),
      'Content-Range': `bytes ${String(start)}-${String(end - 1)}/${String(resource.size)}`,
    },
  }
}

function commonHeaders({ mime, name }: Resource, save: boolean): Record<string, string> {
  const inline = !save && INLINE_TYPES.has(mime)
  return {
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'no-store',
    'Content-Disposition': inline ? 'inline' : `attachment; filename*=UTF-8''${encodeName(name)}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'Content-Type': inline ? mime : 'application/octet-stream',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  }
}

/** RFC 8187: only unreserved characters stay; lone surrogates, which cannot be encoded, become U+FFFD first. */
function encodeName(name: string): string {
  const safe = name.toWellFormed().slice(0, 200).toWellFormed()
  return encodeURIComponent(safe === '' ? 'content' : safe).replace(
    /['()*!]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
