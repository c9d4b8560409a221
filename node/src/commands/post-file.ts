import { createReadStream } from 'node:fs'
import { request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { isErrorCode, SluiceError } from '@sluice/sdk'
import type { ApiError, ContentSummary } from '../api/client.ts'

export type PostFileOptions = {
  readonly path: string
  readonly size: number
  readonly signal: AbortSignal
  readonly onSent: (bytes: number) => void
}

/**
 * Streams a CAR file to a node, which may take any time, and returns what became of it. Not `fetch`, which gives up on an
 * answer after five minutes. Throws what the node answers, NODE_UNREACHABLE, ABORTED.
 */
export async function postFile(
  { url, token }: { readonly url: string; readonly token: string },
  { path, size, signal, onSent }: PostFileOptions,
): Promise<ContentSummary> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/vnd.ipld.car',
    'content-length': size,
  }
  const sent = request(new URL('/v1/contents', url), { method: 'POST', headers, signal })
  const file = createReadStream(path, { highWaterMark: 1024 * 1024 })
  file.on('data', () => onSent(file.bytesRead))
  file.once('error', (error) => sent.destroy(error))
  file.pipe(sent)
  try {
    return await readAnswer(await answerTo(sent))
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause
    if (signal.aborted)
      throw new SluiceError('ABORTED', 'The import was called off; the node keeps nothing of it.', { cause })
    throw new SluiceError('NODE_UNREACHABLE', `The node at ${url} broke off.`, { cause, hint: 'Is it still running?' })
  } finally {
    file.destroy()
    sent.destroy()
  }
}

function answerTo(sent: ReturnType<typeof request>): Promise<IncomingMessage> {
  // The answer may come while the file is still on its way: what breaks after it does not matter any more.
  return new Promise((resolve, reject) => sent.once('response', resolve).on('error', reject))
}

async function readAnswer(response: IncomingMessage): Promise<ContentSummary> {
  const answer = JSON.parse(await text(response)) as ContentSummary | { error: ApiError }
  if (!('error' in answer)) return answer
  const { code, message, hint } = answer.error
  throw new SluiceError(isErrorCode(code) ? code : 'INTERNAL', message, hint === undefined ? {} : { hint })
}
