import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const SOURCES = fileURLToPath(new URL('fixture', import.meta.url))
const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const CACHE = join(ROOT, 'cache', 'subgraph-fixture')
const BUILD_MS = 120_000

/**
 * The test subgraph as graph-cli builds it, in `cache/`, under a name that its sources decide: it is built once, takes about
 * ten seconds, and several processes may ask at the same time. Resolves to the directory with `subgraph.yaml` and the WASM.
 */
export async function buildFixture(): Promise<string> {
  const directory = join(CACHE, hashSources())
  const build = join(directory, 'build')
  if (existsSync(build)) return build
  await mkdir(CACHE, { recursive: true })
  const draft = await mkdtemp(join(CACHE, 'draft-'))
  await cp(SOURCES, draft, { recursive: true })
  const graph = join(ROOT, 'node_modules', '.bin', 'graph')
  const environment = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` }
  for (const command of ['codegen', 'build']) {
    await promisify(execFile)(graph, [command], { cwd: draft, env: environment, timeout: BUILD_MS })
  }
  // Whoever comes second finds the place taken by the same thing.
  await rename(draft, directory).catch(() => rm(draft, { recursive: true }))
  return build
}

function hashSources(): string {
  const hash = createHash('sha256')
  for (const file of globSync('**/*.{ts,json,yaml,graphql}', { cwd: SOURCES }).sort()) {
    hash.update(`${file}\n`).update(readFileSync(join(SOURCES, file)))
  }
  return hash.digest('hex').slice(0, 16)
}
