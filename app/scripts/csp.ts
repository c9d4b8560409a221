/**
 * Writes `out/csp.json`: for each exported page and script, by its path below `out`, the Content-Security-Policy to serve it
 * with.
 * Next inlines a few scripts into every page; each is allowed by its hash, and nothing else that is inline runs.
 */
import { createHash } from 'node:crypto'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OUT = fileURLToPath(new URL('../out/', import.meta.url))
const INLINE_SCRIPT = /<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gu
const LOOPBACK = ['http', 'ws'].flatMap((scheme) => [`${scheme}://127.0.0.1:*`, `${scheme}://localhost:*`])

/** Other nodes, the chain and the reader's own node are anywhere; in the clear only on this machine. */
const CONNECT = ["'self'", 'https:', 'wss:', ...LOOPBACK].join(' ')

function policy(html: string): string {
  const scripts = Array.from(html.matchAll(INLINE_SCRIPT), ([, text = '']) => text)
  const hashes = new Set(scripts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`))
  return [
    "default-src 'none'",
    `script-src 'self' ${[...hashes].join(' ')}`,
    // RainbowKit and Radix position things with inline styles.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    `connect-src ${CONNECT}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}

/** A Web Worker obeys the policy that its own script came with; any chunk may be a worker's, and other scripts ignore it. */
const SCRIPT_POLICY = `default-src 'none'; script-src 'self'; connect-src ${CONNECT}`

const pages: Record<string, string> = {}
for await (const path of glob('**/*.{html,js}', { cwd: OUT })) {
  pages[path] = path.endsWith('.js') ? SCRIPT_POLICY : policy(await readFile(join(OUT, path), 'utf8'))
}
await writeFile(join(OUT, 'csp.json'), `${JSON.stringify({ pages }, null, 2)}\n`)
