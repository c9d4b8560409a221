import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = ['app/src/**/*', 'app/*.{json,ts,mjs}', 'sdk/src/**/*.ts', 'node/src/api/*.ts', 'package-lock.json']

/**
 * Names a build by what it was made from. Next would draw a random name and inline it into every page: then no two builds
 * of the same sources would have the same bytes, nor the same script hashes.
 */
export function buildId(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  for (const path of paths.toSorted()) hash.update(path.slice(ROOT.length)).update(readFileSync(path))
  return hash.digest('hex').slice(0, 20)
}
