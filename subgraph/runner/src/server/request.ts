import type { QueryRequest } from '../graphql/index.ts'

/** A body that is none, with the HTTP status that says so. */
export class BadRequest extends Error {
  readonly status: 400 | 413

  constructor(status: 400 | 413, message: string) {
    super(message)
    this.name = 'BadRequest'
    this.status = status
  }
}

/**
 * A query out of a request's body, of which no more than `limit` bytes are ever held.
 * @throws BadRequest in graph-node's words (server/http/src/request.rs)
 */
export async function readQuery(request: Request, limit: number): Promise<QueryRequest> {
  const text = await readText(request, limit)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new BadRequest(400, 'The request is no JSON')
  }
  if (typeof body !== 'object' || body === null) throw new BadRequest(400, 'GraphQL request body is not an object')
  const { query, variables, operationName } = body as Record<string, unknown>
  if (query === undefined) throw new BadRequest(400, 'The "query" field is missing in request data')
  if (typeof query !== 'string') throw new BadRequest(400, 'The "query" field is not a string')
  if (!isVariables(variables)) throw new BadRequest(400, 'Invalid query variables provided')
  return {
    query,
    ...(typeof operationName === 'string' ? { operationName } : {}),
    ...(variables === null || variables === undefined ? {} : { variables }),
  }
}

function isVariables(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || (typeof value === 'object' && !Array.isArray(value))
}

async function readText(request: Request, limit: number): Promise<string> {
  const tooLarge = () => new BadRequest(413, `The body must be at most ${limit} bytes`)
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > limit) throw tooLarge()
  // Node lets no more through than was announced, and reads that faster in one go.
  if (announced !== null) return request.text()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
