import { isErrorCode, isSluiceError, SluiceError } from '../errors.ts'

const MAX_ERROR_BYTES = 256 * 1024
const REQUEST_TIMEOUT_MS = 15_000

/** Asks a node over HTTP; the time limit covers the answer's body. @throws NODE_UNREACHABLE, ABORTED */
export async function request(url: string, init: RequestInit, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]) })
  } catch (cause) {
    if (signal.aborted) throw new SluiceError('ABORTED', 'The request was given up.', { cause })
    throw new SluiceError('NODE_UNREACHABLE', `${new URL(url).origin} does not answer.`, {
      cause,
      hint: 'Is the node that serves this page still running?',
    })
  }
}

/** What a proxy answers for a node that is away for the moment. */
const AWAY: readonly number[] = [502, 503, 504]

/**
 * Lets a good answer through and turns `{ error: { code, message, hint } }` into the error it names; without one, 502
 * to 504 are `NODE_UNREACHABLE` and all else is `PROTOCOL_VIOLATION`.
 */
export async function accept(response: Response): Promise<Response> {
  if (response.ok) return response
  const text = new TextDecoder().decode(await readBounded(response, MAX_ERROR_BYTES))
  const code = AWAY.includes(response.status) ? 'NODE_UNREACHABLE' : 'PROTOCOL_VIOLATION'
  throw errorFrom(text) ?? new SluiceError(code, `The node answered ${response.status}.`)
}

function errorFrom(text: string): SluiceError | undefined {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; message?: unknown; hint?: unknown } }
    if (!isErrorCode(error?.code)) return undefined
    const hint = typeof error.hint === 'string' ? { hint: error.hint.slice(0, 500) } : {}
    return new SluiceError(error.code, String(error.message).slice(0, 500), hint)
  } catch {
    return undefined
  }
}

/**
 * An answer's body. Throws PROTOCOL_VIOLATION as soon as it is longer than `limit`, NODE_UNREACHABLE where it breaks
 * off, and ABORTED where it was given up.
 */
export async function readBounded(response: Response, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > limit) throw new SluiceError('PROTOCOL_VIOLATION', `An answer was longer than ${limit} bytes.`)
      chunks.push(chunk)
    }
  } catch (error) {
    throw toBodyError(error)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

function toBodyError(cause: unknown): SluiceError {
  if (isSluiceError(cause)) return cause
  if (cause instanceof DOMException && cause.name === 'AbortError') {
    return new SluiceError('ABORTED', 'The request was given up.', { cause })
  }
  return new SluiceError('NODE_UNREACHABLE', 'The answer broke off.', { cause })
}
