import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const APP = join(ROOT, 'app')
const STAMP = join(APP, '.next', 'sluice-build')
/** Written by the build itself, so they say nothing of what it is made from. */
const OUTPUTS = ['sw.js', 'next-env.d.ts']
const INPUTS = [
  'app/{src,public,scripts}/**/*',
  'app/*.{json,ts,mjs,js}',
  'sdk/src/**/*.ts',
  'node/src/api/*.ts',
  'package-lock.json',
]

/** Where the built dApp lies. */
export const APP_DIRECTORY = join(APP, 'out')

/** Builds the dApp's static export, unless the last build had the same inputs. */
export async function buildApp(signal: AbortSignal): Promise<void> {
  const inputs = await hashInputs()
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === inputs) return
  await run('npm', ['run', 'build', '--workspace', 'app'], signal)
  await mkdir(join(APP, '.next'), { recursive: true })
  await writeFile(STAMP, inputs)
}

async function hashInputs(): Promise<string> {
  const hash = createHash('sha256')
  const files = INPUTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
  const paths = files
    .filter((file) => file.isFile() && !OUTPUTS.includes(file.name))
    .map((file) => join(file.parentPath, file.name))
  for (const path of paths.sort()) hash.update(path).update(await readFile(path))
  return hash.digest('hex')
}

async function run(command: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  const child = spawn(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    signal,
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`The dApp could not be built:\n${output}`)
}
