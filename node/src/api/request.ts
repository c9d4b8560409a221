import { SluiceError, isErrorCode } from '@sluice/sdk'
import type { ErrorCode } from '@sluice/sdk'

/** `timeoutMs` bounds a whole JSON answer, or the wait for a stream's first byte. */
export type RequestOptions = { readonly signal?: AbortSignal; readonly timeoutMs?: number }

type Payload = RequestOptions & {
  readonly body?: unknown
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

const TIMEOUT_MS = 30_000
const START_HINT = 'Is the node running? Start it with: npx sluice start'

/** Requests with the token, answers decoded, refusals and broken connections turned into errors with codes. */
export function createRequester(options: { readonly url: string; readonly token: string }) {
  const base = options.url.replace(/\/+$/, '')

  async function exchange<T>(
    method: Method,
    path: string,
    payload: Payload,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), payload.timeoutMs ?? TIMEOUT_MS)
    const signal = payload.signal === undefined ? timeout.signal : AbortSignal.any([payload.signal, timeout.signal])
    try {
      const response = await fetch(base + path, { method, signal, ...encode(options.token, payload) })
      if (!response.ok) throw await readRefusal(response)
      return await read(response)
    } catch (cause) {
      throw asSluiceError(cause, base, payload.signal, timeout.signal)
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    /** A JSON answer; `undefined` for 204. The node is of the same version, so its shape is not checked again. */
    json: <T>(method: Method, path: string, payload: Payload = {}): Promise<T> =>
      exchange(method, path, payload, async (response) => {
        const text = await response.text()
        return (text === '' ? undefined : JSON.parse(text)) as T
      }),
    bytes: (path: string, payload: Payload = {}): Promise<Uint8Array> =>
      exchange('GET', path, payload, async (response) => new Uint8Array(await response.arrayBuffer())),
    /** The response itself, for streams; the timeout ends with its head, the caller's signal does not. */
    raw: (method: Method, path: string, payload: Payload = {}): Promise<Response> =>
      exchange(method, path, payload, (response) => Promise.resolve(response)),
  }
}

function encode(token: string, { body, bytes, headers }: Payload): RequestInit {
  const init = { authorization: `Bearer ${token}`, ...headers }
  if (bytes !== undefined) {
    return { headers: { ...init, 'content-type': 'application/octet-stream' }, body: unshared(bytes) }
  }
  if (body === undefined) return { headers: init }
  return { headers: { ...init, 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

/** `fetch` refuses shared memory; everything else passes without a copy. */
function unshared(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes)
}

async function readRefusal(response: Response): Promise<SluiceError> {
  const { code, message, hint } = parseRefusal(await response.text())
  const fallback: ErrorCode = response.status === 401 ? 'UNAUTHORIZED' : 'INTERNAL'
  return new SluiceError(
    isErrorCode(code) ? code : fallback,
    typeof message === 'string' ? message : `The node answered with HTTP ${response.status}.`,
    { details: { status: response.status }, ...(typeof hint === 'string' ? { hint } : {}) },
  )
}

function parseRefusal(text: string): { code?: unknown; message?: unknown; hint?: unknown } {
  try {
    const answer: unknown = JSON.parse(text)
    if (typeof answer !== 'object' || answer === null || !('error' in answer)) return {}
    return typeof answer.error === 'object' && answer.error !== null ? answer.error : {}
  } catch {
    return {}
  }
}

function asSluiceError(
  cause: unknown,
  base: string,
  caller: AbortSignal | undefined,
  timeout: AbortSignal,
): SluiceError {
  if (cause instanceof SluiceError) return cause
  if (caller?.aborted === true) return new SluiceError('ABORTED', 'The request was called off.', { cause })
  if (timeout.aborted) return new SluiceError('TIMEOUT', `The node at ${base} did not answer in time.`, { cause })
  if (cause instanceof SyntaxError) return new SluiceError('INTERNAL', 'The node answered with broken JSON.', { cause })
  return new SluiceError('NODE_UNREACHABLE', `Cannot reach the node at ${base}.`, { cause, hint: START_HINT })
}
