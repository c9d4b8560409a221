import { once } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { RunnerError } from '../errors.ts'
import type { FromThread } from './thread-messages.ts'

/** The port, once the thread listens. Rejects with what ended it before, or with SERVER_FAILED if it just ended. */
export async function listeningPort(worker: Worker): Promise<number> {
  const abort = new AbortController()
  const { signal } = abort
  const ended = once(worker, 'exit', { signal }).then(() => {
    throw new RunnerError('SERVER_FAILED', 'The thread that answers queries has ended before it listened.')
  })
  try {
    return await Promise.race([readPort(worker, signal), ended])
  } finally {
    abort.abort()
    ended.catch(() => undefined)
  }
}

async function readPort(worker: Worker, signal: AbortSignal): Promise<number> {
  for (;;) {
    const [message] = (await once(worker, 'message', { signal })) as [FromThread]
    if (message.type === 'listening') return message.port
  }
}
