import { SluiceError } from '@sluice/sdk'
import type { Context } from 'hono'

const MAX_JSON_BYTES = 64 * 1024

/** A request's body, at most `limit` bytes; no more is ever held. Throws BODY_TOO_LARGE. */
export async function readBody({ req }: Context, limit: number): Promise<Uint8Array> {
  const announced = Number(req.header('content-length') ?? 0)
  if (announced > limit) throw tooLarge(limit)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of req.raw.body ?? []) {
    length += chunk.length
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : new Uint8Array(Buffer.concat(chunks))
}

/** A JSON object of at most 64 KiB. Throws BAD_INPUT for anything else. */
export async function readJson(context: Context): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await readBody(context, MAX_JSON_BYTES))
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Answered below, like any other text that is no object.
  }
  throw new SluiceError('BAD_INPUT', 'The body must be a JSON object.')
}

function tooLarge(limit: number): SluiceError {
  return new SluiceError('BODY_TOO_LARGE', `The body must be at most ${limit} bytes.`)
}
