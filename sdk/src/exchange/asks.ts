import type { SluiceError } from '../errors.ts'

/** Questions that a machine may ask the world, by name. */
export type AskTable = Record<string, { request: unknown; result: unknown }>

/** One question on its way out; the driver answers with its id. */
export type Ask<T extends AskTable> = {
  [K in keyof T]: { readonly type: 'ask'; readonly id: number; readonly kind: K; readonly request: T[K]['request'] }
}[keyof T]

/** Who answers: one function per question. An answer that is not a promise is taken at once. */
export type Ports<T extends AskTable> = {
  [K in keyof T]: (request: T[K]['request']) => T[K]['result'] | Promise<T[K]['result']>
}

type Continuation = { then: (result: never) => void; otherwise: (error: SluiceError) => void }

/** Remembers what a machine does once a question is answered, so that the machine itself does no I/O. */
export type Asker<T extends AskTable> = {
  ask<K extends keyof T>(
    kind: K,
    request: T[K]['request'],
    then: (result: T[K]['result']) => void,
    otherwise?: (error: SluiceError) => void,
  ): void
  resolve(id: number, result: unknown): void
  fail(id: number, error: SluiceError): void
  /** Forgets what was asked: answers that come later are dropped. */
  clear(): void
}

export function createAsker<T extends AskTable>(options: {
  emit: (ask: Ask<T>) => void
  otherwise: (error: SluiceError) => void
}): Asker<T> {
  const open = new Map<number, Continuation>()
  let nextId = 1
  const take = (id: number): Continuation | undefined => {
    const continuation = open.get(id)
    open.delete(id)
    return continuation
  }
  return {
    ask: (kind, request, then, otherwise = options.otherwise) => {
      const id = nextId
      nextId += 1
      open.set(id, { then, otherwise })
      options.emit({ type: 'ask', id, kind, request })
    },
    // The id ties the answer to the question's type; the table of continuations cannot say so.
    resolve: (id, result) => take(id)?.then(result as never),
    fail: (id, error) => take(id)?.otherwise(error),
    clear: () => open.clear(),
  }
}
