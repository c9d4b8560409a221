import { SluiceError } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ApiError } from '../api/types.ts'
import type { Log } from '../log.ts'

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  BAD_INPUT: 400,
  BODY_TOO_LARGE: 413,
  CHAIN_REVERT: 422,
  CHANNEL_UNKNOWN: 404,
  CONTENT_UNKNOWN: 404,
  INSUFFICIENT_FUNDS: 402,
  JOB_UNKNOWN: 404,
  MANIFEST_INVALID: 422,
  NODE_UNREACHABLE: 502,
  NOT_ENTITLED: 403,
  NOT_FOUND: 404,
  NO_PROVIDERS: 404,
  ORIGIN_REFUSED: 403,
  RATE_LIMITED: 429,
  RPC_UNREACHABLE: 503,
  SIGNATURE_INVALID: 400,
  SLICE_MISSING: 409,
  STORE_FULL: 507,
  TIMEOUT: 504,
  UNAUTHORIZED: 401,
}

/** Answers `{ error: { code, message, hint } }`; what is not ours is logged and told as INTERNAL, without its message. */
export function answerError(error: unknown, context: Context, log: Log): Response {
  if (!(error instanceof SluiceError)) {
    log.error({ err: error, path: context.req.path }, 'a request failed')
    return context.json({ error: { code: 'INTERNAL', message: 'The node failed; its log says why.' } }, 500)
  }
  const status = STATUS[error.code] ?? 500
  if (status >= 500) log.warn({ err: error, path: context.req.path }, 'a request failed')
  const { code, message, hint } = error
  const body: ApiError = { code, message, ...(hint === undefined ? {} : { hint }) }
  return context.json({ error: body }, status)
}
