import type { QueryRequest } from '../graphql/index.ts'

/** Answers as they were sent, while nothing has changed that they were read from. */
export type ResponseCache = {
  /** The answer to the same request at the same version, or the one that `make` gives now. */
  readonly get: (request: QueryRequest, version: string, make: () => string) => string
}

/** Keeps up to `maxBytes` of text, of one version at a time; the longest unused goes first. */
export function createResponseCache(maxBytes: number): ResponseCache {
  const answers = new Map<string, string>()
  let current = ''
  let bytes = 0
  const forget = (key: string) => {
    bytes -= sizeOf(key, answers.get(key))
    answers.delete(key)
  }
  const keep = (key: string, answer: string) => {
    if (sizeOf(key, answer) > maxBytes / 8) return
    answers.set(key, answer)
    bytes += sizeOf(key, answer)
    for (const oldest of answers.keys()) {
      if (bytes <= maxBytes) return
      forget(oldest)
    }
  }
  return {
    get(request, version, make) {
      if (version !== current) {
        answers.clear()
        ;[current, bytes] = [version, 0]
      }
      const key = JSON.stringify([request.query, request.variables, request.operationName])
      const known = answers.get(key)
      const answer = known ?? make()
      if (known !== undefined) forget(key)
      keep(key, answer)
      return answer
    },
  }
}

/** Strings take up to two bytes a character. */
function sizeOf(key: string, answer = ''): number {
  return 2 * (key.length + answer.length)
}
