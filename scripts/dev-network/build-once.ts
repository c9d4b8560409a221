import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { globSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ROOT } from '../lib/paths.ts'

/** A workspace that is built by `npm run build`, and what that is made from. */
export type Build = {
  /** What a failure calls it. */
  readonly name: string
  readonly workspace: string
  /** Globs from the root of the project. */
  readonly inputs: readonly string[]
  /** Names of files among the inputs that the build itself writes: they say nothing of what it is made from. */
  readonly outputs?: readonly string[]
  /** File that remembers the inputs of the last build, from the root of the project. */
  readonly stamp: string
}

/** Builds a workspace, unless the last build had the same inputs. */
export async function buildOnce(build: Build, signal: AbortSignal): Promise<void> {
  const stamp = join(ROOT, build.stamp)
  const inputs = await hashInputs(build)
  if ((await readFile(stamp, 'utf8').catch(() => '')) === inputs) return
  await run(build, signal)
  await mkdir(dirname(stamp), { recursive: true })
  await writeFile(stamp, inputs)
}

async function hashInputs({ inputs, outputs = [] }: Build): Promise<string> {
  const hash = createHash('sha256')
  const files = inputs.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
  const paths = files
    .filter((file) => file.isFile() && !outputs.includes(file.name))
    .map((file) => join(file.parentPath, file.name))
  for (const path of paths.sort()) hash.update(path).update(await readFile(path))
  return hash.digest('hex')
}

async function run({ name, workspace }: Build, signal: AbortSignal): Promise<void> {
  const child = spawn('npm', ['run', 'build', '--workspace', workspace], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    signal,
  })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== 0) throw new Error(`${name} could not be built:\n${output}`)
}
