import { createHash, timingSafeEqual } from 'node:crypto'
import { SluiceError } from '@sluice/sdk'
import type { MiddlewareHandler } from 'hono'

export type GuardOptions = {
  readonly token: string
  readonly port: number
  /** Origins of the pages that may call; programs send none. */
  readonly allowedOrigins: readonly string[]
}

const METHODS = 'GET, POST, PUT, DELETE'
const HEADERS = 'authorization, content-type, range'
const EXPOSED = 'content-range, content-length, accept-ranges'
const PREFLIGHT_SECONDS = '600'

/**
 * Lets only this machine's own callers in: a Host that is loopback (a page that rebinds its DNS name to 127.0.0.1 still
 * sends its own), an Origin from the list if there is one, and the token in a header, so that no form and no cookie does.
 */
export function guard({ token, port, allowedOrigins }: GuardOptions): MiddlewareHandler {
  const hosts = new Set(['127.0.0.1', 'localhost', '[::1]'].map((host) => `${host}:${port}`))
  const origins = new Set(allowedOrigins)
  return async (context, next) => {
    const { req } = context
    if (!hosts.has((req.header('host') ?? '').toLowerCase())) {
      throw new SluiceError('ORIGIN_REFUSED', 'The admin API answers only under a loopback name.')
    }
    const origin = req.header('origin')
    if (origin !== undefined) {
      if (!origins.has(origin)) {
        throw new SluiceError('ORIGIN_REFUSED', 'This page may not use the admin API.', {
          hint: `Add ${origin.slice(0, 200)} to admin.allowed_origins if it should.`,
        })
      }
      context.header('access-control-allow-origin', origin)
      context.header('access-control-expose-headers', EXPOSED)
      context.header('vary', 'origin')
    }
    if (req.method === 'OPTIONS') {
      context.header('access-control-allow-methods', METHODS)
      context.header('access-control-allow-headers', HEADERS)
      context.header('access-control-max-age', PREFLIGHT_SECONDS)
      return context.body(null, 204)
    }
    if (req.path !== '/healthz' && !isToken(req.header('authorization'), token)) {
      throw new SluiceError('UNAUTHORIZED', 'The admin API needs the node’s token.', {
        hint: 'It is in the file admin.token_file; send it as "Authorization: Bearer …".',
      })
    }
    return next()
  }
}

/** Hashed first, so that the comparison takes the same time whatever the lengths. */
function isToken(header: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
