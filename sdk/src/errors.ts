/**
 * Every code that Sluice's own code throws, answers over the wire or prints. Callers match codes, never messages.
 * Kept in alphabetical order.
 */
export const ERROR_CODES = [
  'ABORTED',
  'BAD_INPUT',
  'BODY_TOO_LARGE',
  'CHAIN_REVERT',
  'CHANNEL_CLOSING',
  'CHANNEL_UNKNOWN',
  'CONTENT_UNKNOWN',
  'CREDIT_EXHAUSTED',
  'DECRYPT_FAILED',
  'FRAME_INVALID',
  'FRAUD_PROVEN',
  'INDEX_UNAVAILABLE',
  'INSUFFICIENT_FUNDS',
  'INTENT_REFUSED',
  'INTERNAL',
  'JOB_UNKNOWN',
  'KEYSTORE_LOCKED',
  'LOCKBOX_INVALID',
  'MANIFEST_INVALID',
  'NODE_UNREACHABLE',
  'NOT_ENOUGH_SHARES',
  'NOT_ENTITLED',
  'NOT_FOUND',
  'NO_PROVIDERS',
  'ORIGIN_REFUSED',
  'PRICE_TOO_HIGH',
  'PROOF_INVALID',
  'PROTOCOL_VIOLATION',
  'RATE_LIMITED',
  'REQUEST_STALE',
  'RPC_UNREACHABLE',
  'SESSION_EXPIRED',
  'SESSION_FOREIGN',
  'SHARE_INVALID',
  'SIGNATURE_INVALID',
  'SLICE_CORRUPT',
  'SLICE_MISSING',
  'STORE_CORRUPT',
  'STORE_FULL',
  'STORE_LOCKED',
  'TERMS_EXPIRED',
  'TICK_INVALID',
  'TICK_REPLAYED',
  'TIMEOUT',
  'UNAUTHORIZED',
  'USER_REJECTED',
  'VOUCHER_ABOVE_DEPOSIT',
  'VOUCHER_STALE',
  'WRONG_CHAIN',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

const DOCS_BASE = 'docs/protocol.md#'

/**
 * The one base error. `message` says what happened, `hint` what to do about it, `details` holds facts for programs
 * (never keys, tokens or payloads).
 */
export class SluiceError extends Error {
  override readonly name = 'SluiceError'
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: SluiceError.Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint
    this.details = options.details ?? {}
  }

  /** Where the code is explained, relative to the repository's root. */
  get docs(): string {
    return DOCS_BASE + this.code.toLowerCase().replaceAll('_', '-')
  }
}

export declare namespace SluiceError {
  type Options = {
    cause?: unknown
    hint?: string
    details?: Record<string, unknown>
  }
}

/** Whether `error` is a {@link SluiceError}, of `code` if one is given. */
export function isSluiceError(error: unknown, code?: ErrorCode): error is SluiceError {
  return error instanceof SluiceError && (code === undefined || error.code === code)
}

/** Whether a string from outside is one of our codes. */
export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && (ERROR_CODES as readonly string[]).includes(value)
}
