import { readBounded } from '../client/http.ts'
import { isSluiceError, SluiceError } from '../errors.ts'
import { fieldsOf } from './fields.ts'
import type { Fields } from './fields.ts'
import { INDEX_QUERIES } from './documents.ts'
import type { IndexQuery } from './documents.ts'

/** The most that an answer may weigh; a page of the largest rows is a tenth of it. */
const MAX_ANSWER_BYTES = 512 * 1024
const DEFAULT_TIMEOUT_MS = 10_000
const MAX_MESSAGE = 300
const HINT = 'Lists come from the index, nothing that is bought or opened does. Try again later.'

/** Puts one question to the index; the answer's fields are a stranger's until each was read as what it should be. */
export type Ask = (query: IndexQuery, variables: object, options: Asking) => Promise<Fields>

/** What every question takes. */
export type Asking = { readonly signal?: AbortSignal | undefined }

export type IndexEndpoint = {
  /** GraphQL endpoint. */
  readonly url: string
  /** Milliseconds for one question, the answer's body included; 10,000 when left out. */
  readonly timeoutMs?: number
  readonly fetch?: typeof globalThis.fetch
}

/**
 * Asks by HTTP, within bounds of size and time.
 * @throws `INDEX_UNAVAILABLE`, `PROTOCOL_VIOLATION`, `ABORTED`
 */
export function createAsk({ url, timeoutMs = DEFAULT_TIMEOUT_MS, fetch = globalThis.fetch }: IndexEndpoint): Ask {
  return async (query, variables, { signal }) => {
    const limit = AbortSignal.timeout(timeoutMs)
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
    const body = JSON.stringify({ query: INDEX_QUERIES[query], variables })
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/json' }
      const request = { method: 'POST', headers, body, signal: either, credentials: 'omit', redirect: 'error' } as const
      return readAnswer(await readText(await fetch(url, request), either))
    } catch (cause) {
      throw toIndexError(cause, signal)
    }
  }
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  // The Graph answers 200 to errors too; anything else is something in between.
  if (!response.ok) {
    await response.body?.cancel()
    throw unavailable(`The index answered ${response.status}.`)
  }
  // A body may outlive the signal of its request where `fetch` is not the platform's.
  const { promise: given, reject } = Promise.withResolvers<never>()
  const giveUp = () => reject(signal.reason)
  signal.addEventListener('abort', giveUp, { once: true })
  if (signal.aborted) giveUp()
  try {
    const bytes = await Promise.race([readBounded(response, MAX_ANSWER_BYTES), given])
    return new TextDecoder().decode(bytes)
  } finally {
    signal.removeEventListener('abort', giveUp)
  }
}

function readAnswer(text: string): Fields {
  const answer = fieldsOf(parse(text), 'answer')
  if (!answer.isNull('errors')) {
    const [first] = answer.many('errors', Number.MAX_SAFE_INTEGER, (error) => error.message('message', MAX_MESSAGE))
    throw unavailable(`The index did not answer: ${first ?? 'it did not say why'}`)
  }
  return answer.one('data')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SluiceError('PROTOCOL_VIOLATION', 'The index answered with something else than JSON.', { cause })
  }
}

function toIndexError(cause: unknown, signal: AbortSignal | undefined): SluiceError {
  if (signal?.aborted === true) return new SluiceError('ABORTED', 'The index was not waited for.', { cause })
  return isSluiceError(cause) ? cause : unavailable('The index does not answer.', cause)
}

function unavailable(message: string, cause?: unknown): SluiceError {
  return new SluiceError('INDEX_UNAVAILABLE', message, { cause, hint: HINT })
}
