import { setTimeout as sleep } from 'node:timers/promises'
import { RunnerError } from '../errors.ts'

/** One call of JSON-RPC (https://www.jsonrpc.org/specification). */
export type RpcCall = { readonly method: string; readonly params: readonly unknown[] }

/** An endpoint understood a call and refused it, as one for too many logs. It is not asked elsewhere. */
export class RpcRefusal extends Error {}

/** Asks one endpoint at a time; one that fails is left for the next, and comes back when its turn comes. */
export type Rpc = {
  /**
   * The results in the order of the calls. Rejects with `RpcRefusal` if an endpoint refuses one of them, with RPC_FAILED when
   * no endpoint answers, and with the signal's reason.
   */
  readonly batch: (calls: readonly RpcCall[], signal: AbortSignal) => Promise<unknown[]>
  readonly failures: () => number
}

export declare namespace createRpc {
  type Options = {
    readonly urls: readonly string[]
    /** For one answer, in milliseconds. */
    readonly timeoutMs?: number
    /** The longest pause between two tries, in milliseconds. */
    readonly maxBackoffMs?: number
    /** Tries of one request, at all endpoints together. */
    readonly tries?: number
  }
}

const MAX_ANSWER_BYTES = 128 * 2 ** 20
const FIRST_BACKOFF_MS = 50
const TOO_MANY = /rate limit|too many requests/i
const DEFAULTS = { timeoutMs: 30_000, maxBackoffMs: 5_000, tries: 8 }

export function createRpc(options: createRpc.Options): Rpc {
  const { urls, timeoutMs, maxBackoffMs, tries } = { ...DEFAULTS, ...options }
  if (urls.length === 0) throw new RunnerError('RPC_FAILED', 'There is no RPC endpoint over HTTP.')
  let [current, failures] = [0, 0]
  return {
    failures: () => failures,
    batch: async (calls, signal) => {
      let last: unknown
      for (let attempt = 0; attempt < tries; attempt += 1) {
        try {
          return await ask(
            urls[current % urls.length] ?? '',
            calls,
            AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
          )
        } catch (error) {
          signal.throwIfAborted()
          if (error instanceof RpcRefusal) throw error
          last = error
        }
        failures += 1
        current += 1
        // Only when all have failed is there a reason to wait.
        const round = Math.floor((attempt + 1) / urls.length)
        const isRound = (attempt + 1) % urls.length === 0
        if (isRound) await sleep(Math.min(maxBackoffMs, FIRST_BACKOFF_MS * 2 ** round), undefined, { signal })
      }
      throw new RunnerError('RPC_FAILED', `No endpoint answers, after ${tries} tries.`, { cause: last })
    },
  }
}

async function ask(url: string, calls: readonly RpcCall[], signal: AbortSignal): Promise<unknown[]> {
  const requests = calls.map((call, id) => ({ jsonrpc: '2.0', id, ...call }))
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    // Some endpoints know no batches; one call goes to all of them.
    body: JSON.stringify(requests.length === 1 ? requests[0] : requests),
    signal,
  })
  const text = await readText(response)
  if (!response.ok && !text.startsWith('{') && !text.startsWith('[')) throw new Error(`HTTP status ${response.status}`)
  const parsed: unknown = JSON.parse(text)
  const answers = Array.isArray(parsed) ? (parsed as unknown[]) : [parsed]
  const results = new Map(answers.map(readAnswer))
  return calls.map((_, id) => {
    if (!results.has(id)) throw new Error('An answer is missing.')
    return results.get(id)
  })
}

function readAnswer(answer: unknown): [number, unknown] {
  if (typeof answer !== 'object' || answer === null) throw new Error('An answer is no object.')
  const { id, result, error } = answer as {
    id?: unknown
    result?: unknown
    error?: { code?: number; message?: string } | null
  }
  // Some endpoints put a null beside a result.
  if (typeof error === 'object' && error !== null) {
    const message = `${String(error.message).slice(0, 500)} (${Number(error.code)})`
    // -32005 is a limit of requests; 429 and internal errors may pass too (EIP-1474).
    if (error.code === -32603 || error.code === 429 || TOO_MANY.test(message)) throw new Error(message)
    throw new RpcRefusal(message)
  }
  if (typeof id !== 'number' || result === undefined) throw new Error('An answer has no result.')
  return [id, result]
}

/** Refuses what no request of ours needs; the size may not be announced. */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  if (response.body === null) return ''
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new RpcRefusal(`The answer has more than ${MAX_ANSWER_BYTES} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
