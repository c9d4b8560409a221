/** How to reach a node's admin API: its base URL and its token. */
export type NodeConnection = { readonly url: string; readonly token: string }

const STORAGE_KEY = 'sluice.node'
const MAX_TOKEN = 256

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost']

/**
 * Reads `#api=URL&token=TOKEN` from a URL fragment. The fragment never travels to a server, which is why the token comes
 * this way. Anyone can write such a link, so only a node on this machine or on `pageHost`, the host name of this page, is
 * taken from one: any other is typed in by hand. Undefined when there is none, or when either half is not what it should be.
 */
export function parseConnection(fragment: string, pageHost: string): NodeConnection | undefined {
  const values = new URLSearchParams(fragment.replace(/^#/u, ''))
  const connection = checkConnection(values.get('api') ?? '', values.get('token') ?? '')
  if (connection === undefined) return undefined
  return [...LOOPBACK, pageHost].includes(new URL(connection.url).hostname) ? connection : undefined
}

/** A connection as a person typed it, or undefined when it cannot be one. */
export function checkConnection(address: string, token: string): NodeConnection | undefined {
  const url = URL.parse(address.trim())
  const trimmed = token.trim()
  if (url === null || !isPrivateEnough(url)) return undefined
  if (trimmed.length === 0 || trimmed.length > MAX_TOKEN || !/^[\x21-\x7e]+$/u.test(trimmed)) return undefined
  return { url: url.origin, token: trimmed }
}

/** A token never leaves the machine in the clear: plain http is for loopback only. */
function isPrivateEnough(url: URL): boolean {
  const loopback = LOOPBACK.includes(url.hostname)
  return url.username === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback))
}

/** Takes a connection out of the address bar, so that it is neither bookmarked nor seen over a shoulder. */
export function takeConnection(): NodeConnection | undefined {
  const connection = parseConnection(window.location.hash, window.location.hostname)
  if (connection !== undefined) {
    window.history.replaceState(window.history.state, '', window.location.pathname + window.location.search)
    storeConnection(connection)
  }
  return connection ?? loadConnection()
}

/** The connection that this tab has used so far. */
function loadConnection(): NodeConnection | undefined {
  try {
    const stored: unknown = JSON.parse(window.sessionStorage.getItem(STORAGE_KEY) ?? 'null')
    if (typeof stored !== 'object' || stored === null || !('url' in stored) || !('token' in stored)) return undefined
    return checkConnection(String(stored.url), String(stored.token))
  } catch {
    return undefined
  }
}

/** Remembers a connection for as long as the tab lives; undefined forgets it. */
export function storeConnection(connection: NodeConnection | undefined): void {
  if (connection === undefined) window.sessionStorage.removeItem(STORAGE_KEY)
  else window.sessionStorage.setItem(STORAGE_KEY, JSON.stringify(connection))
}
