import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { SluiceError } from '@sluice/sdk'

/** A file of the dApp, ready to answer with. */
export type StaticFile = {
  readonly status: 200 | 404
  readonly headers: Readonly<Record<string, string>>
  read(): Promise<Uint8Array<ArrayBuffer>>
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

/** For what the build wrote no policy for. */
const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'"

const MAX_POLICY_BYTES = 1024 * 1024

/** Serves a static export; the policies per page come from the `csp.json` that its build writes. */
export async function createStaticFiles(directory: string) {
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new SluiceError('BAD_INPUT', `The app directory ${directory} does not exist.`, {
      cause,
      hint: 'Build the app first, or leave app_dir out.',
    })
  })
  const policiesNow = createPolicyReader(join(root, 'csp.json'))
  await policiesNow()

  /** The real path of a regular file inside the root; symbolic links that lead out do not count. */
  async function locate(path: string): Promise<{ path: string; size: number } | undefined> {
    const real = await realpath(join(root, path)).catch(() => undefined)
    if (real === undefined || !real.startsWith(root + sep)) return undefined
    const { size, isFile } = await stat(real).then((stats) => ({ size: stats.size, isFile: stats.isFile() }))
    return isFile ? { path: real, size } : undefined
  }

  async function describe(candidate: string, status: StaticFile['status']): Promise<StaticFile | undefined> {
    const file = await locate(candidate)
    if (file === undefined) return undefined
    const name = file.path.slice(root.length + 1).replaceAll(sep, '/')
    return {
      status,
      headers: {
        'content-type': MEDIA_TYPES[extname(name)] ?? 'application/octet-stream',
        'content-length': String(file.size),
        'content-security-policy': (await policiesNow()).get(name) ?? STRICT_POLICY,
        // The build names these by their content.
        'cache-control': name.startsWith('_next/static/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      },
      read: () => readFile(file.path),
    }
  }

  return {
    /** The file behind a URL's path, as Next exports routes: `/a` is `a`, `a.html` or `a/index.html`. */
    async find(urlPath: string): Promise<StaticFile | undefined> {
      const path = safePath(urlPath)
      const candidates =
        path === undefined ? [] : path === '' ? ['index.html'] : [path, `${path}.html`, `${path}/index.html`]
      for (const candidate of candidates) {
        const file = await describe(candidate, 200)
        if (file !== undefined) return file
      }
      return describe('404.html', 404)
    },
  }
}

export type StaticFiles = Awaited<ReturnType<typeof createStaticFiles>>

/** The path below the root, or nothing for one that tries to leave it. */
function safePath(urlPath: string): string | undefined {
  try {
    const path = decodeURIComponent(urlPath).replace(/^\/+|\/+$/g, '')
    const isSafe = !/[\0\\]/.test(path) && !path.split('/').some((part) => part === '..' || part.startsWith('.'))
    return isSafe && path.length <= 1024 ? path : undefined
  } catch {
    return undefined
  }
}

async function readPolicies(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined || text.length > MAX_POLICY_BYTES) return new Map()
  const parsed: unknown = JSON.parse(text)
  const pages = typeof parsed === 'object' && parsed !== null && 'pages' in parsed ? parsed.pages : undefined
  if (typeof pages !== 'object' || pages === null) return new Map()
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === 'string'
  return new Map(Object.entries(pages).filter(isText))
}

/** Reads the policies again when the build has written others: pages and their script hashes change together. */
function createPolicyReader(path: string): () => Promise<ReadonlyMap<string, string>> {
  let known: { readonly changed: number; readonly policies: ReadonlyMap<string, string> } | undefined
  return async () => {
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
    if (known?.changed !== changed) known = { changed, policies: await readPolicies(path) }
    return known.policies
  }
}
