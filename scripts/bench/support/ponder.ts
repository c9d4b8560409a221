import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Digest } from '../../../bench/index/digest.ts'
import { SETTINGS_VARIABLE } from '../../../bench/index/settings.ts'
import type { PonderSettings } from '../../../bench/index/settings.ts'
import type { Bench } from '../harness/measurement.ts'
import { INDEXER_CORE, profilingFlags, stopAtEnd } from './index-runs.ts'
import type { BenchChain } from './index-runs.ts'
import { findPostgres, freePort, startPostgres } from './postgres.ts'

const PROJECT = new URL('../../../bench/index/', import.meta.url)
const PONDER = new URL('node_modules/ponder/', PROJECT)
const PROGRAM = fileURLToPath(new URL('dist/esm/bin/ponder.js', PONDER))
/** Of its log, for when it fails. */
const LAST_LINES = 5
const STARTED = 'Started backfill indexing'
const DONE = 'Completed backfill indexing across all chains'

/** What to do when Ponder is not installed; undefined when it is. */
export function missingPonder(): string | undefined {
  return existsSync(PROGRAM) ? undefined : 'needs Ponder: npm ci --prefix bench/index'
}

/** Ponder's version, and what it keeps its tables in. */
export async function ponderName(): Promise<string> {
  const { version } = JSON.parse(await readFile(new URL('package.json', PONDER), 'utf8')) as { version: string }
  return `Ponder ${version} on ${findPostgres() === undefined ? 'PGlite in memory' : 'Postgres'}`
}

export type PonderRun = {
  /** From when it serves and starts to fetch, to when its last row is written. */
  readonly seconds: number
  readonly digests: Readonly<Record<string, Digest>>
}

/** Lets Ponder index the whole chain into a database that is new; it and its database share the indexers' core. */
export async function runPonder(bench: Bench, { url: rpcUrl, contracts }: BenchChain): Promise<PonderRun> {
  const programs = findPostgres()
  const postgres = programs === undefined ? undefined : await startPostgres(bench, programs, INDEXER_CORE)
  const settings: PonderSettings = { rpcUrl, contracts, ...(postgres && { postgres: postgres.url }) }
  const port = await freePort()
  const listen = ['--schema', 'bench', '--hostname', '127.0.0.1', '--port', String(port)]
  const command = [process.execPath, ...profilingFlags(), PROGRAM, 'start', ...listen, '--log-format', 'json']
  const child = spawn('taskset', ['--cpu-list', String(INDEXER_CORE), ...command], {
    cwd: fileURLToPath(PROJECT),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [SETTINGS_VARIABLE]: JSON.stringify(settings) },
  })
  // Its own way of ending waits for seconds, and what it wrote is thrown away.
  const stop = stopAtEnd(bench, child, 'SIGKILL')
  const seconds = await readSeconds(child)
  const answer = await fetch(`http://127.0.0.1:${port}/digests`, { signal: bench.signal })
  const digests = (await answer.json()) as PonderRun['digests']
  await stop()
  await postgres?.stop()
  return { seconds, digests }
}

/** By the times that it writes into its log. */
function readSeconds(child: ChildProcess): Promise<number> {
  type Line = { readonly time: number; readonly msg: string }
  const { stdout } = child
  if (stdout === null) throw new TypeError('Ponder has no output')
  return new Promise((resolve, reject) => {
    let started = NaN
    const last: string[] = []
    createInterface(stdout).on('line', (text) => {
      last.push(text)
      if (last.length > LAST_LINES) last.shift()
      if (!text.startsWith('{')) return
      const { time, msg } = JSON.parse(text) as Line
      if (msg === STARTED) started = time
      if (msg === DONE) resolve((time - started) / 1000)
    })
    child.once('error', reject)
    child.once('close', (code) => reject(new Error(`Ponder ended with code ${code}:\n${last.join('\n')}`)))
  })
}
