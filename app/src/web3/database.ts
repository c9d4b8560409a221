/**
 * The page's own IndexedDB: sessions (keys that WebCrypto will not export), the payer's memory of its channels, and what
 * it lost on the way. Authority: this page for keys and promises, the chain for everything else.
 */
const NAME = 'sluice'
const VERSION = 1
const STORES = ['sessions', 'channels', 'losses'] as const

export type StoreName = (typeof STORES)[number]

let opening: Promise<IDBDatabase> | undefined

/** The database, opened once per page. */
export function openDatabase(): Promise<IDBDatabase> {
  opening ??= connect().catch((error: unknown) => {
    opening = undefined
    throw error
  })
  return opening
}

function connect(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION)
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store)
  }
  return settle(request)
}

export async function readValue<Value>(store: StoreName, key: string): Promise<Value | undefined> {
  const database = await openDatabase()
  return settle(database.transaction(store).objectStore(store).get(key) as IDBRequest<Value | undefined>)
}

export async function readValues<Value>(store: StoreName): Promise<Value[]> {
  const database = await openDatabase()
  return settle(database.transaction(store).objectStore(store).getAll() as IDBRequest<Value[]>)
}

export async function writeValue(store: StoreName, key: string, value: unknown): Promise<void> {
  await updateValue(store, key, () => value)
}

/** Reads, changes and writes one value in one transaction, resolved when it is durable. `change` throws to write nothing. */
export async function updateValue<Value>(
  store: StoreName,
  key: string,
  change: (current: Value | undefined) => Value,
): Promise<Value> {
  const database = await openDatabase()
  const transaction = database.transaction(store, 'readwrite', { durability: 'strict' })
  const values = transaction.objectStore(store)
  const { promise, resolve, reject } = Promise.withResolvers<Value>()
  const request = values.get(key) as IDBRequest<Value | undefined>
  request.onsuccess = () => {
    try {
      const next = change(request.result)
      values.put(next, key)
      transaction.oncomplete = () => resolve(next)
    } catch (error) {
      transaction.abort()
      reject(toError(error))
    }
  }
  transaction.onabort = () => reject(toError(transaction.error))
  return promise
}

function settle<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(toError(request.error))
  })
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The browser’s database refused.')
}
