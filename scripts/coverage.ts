/**
 * Runs the contracts' tests and says what they do not reach. Exits 1 when a test fails, or when less than 98 % of a
 * contract's lines, statements or branches were reached; what cannot be is in test/contracts/coverage.json, with reasons.
 */
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { formatLcov } from './coverage/lcov.ts'
import { linesOf, readGoals, readHits } from './coverage/read-coverage.ts'
import type { Goal } from './coverage/read-coverage.ts'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'

const LEAST_PERCENT = 98
const EXCEPTIONS = 'test/contracts/coverage.json'
const LCOV = 'coverage/lcov.info'
const CONFIG = ['--config', 'scripts/coverage/hardhat.config.ts', '--coverage']

/** What no test can reach: the goal's text as the report gives it, and why. */
type Exception = { readonly file: string; readonly text: string; readonly reason: string }

async function runTests(): Promise<boolean> {
  rmSync('coverage', { recursive: true, force: true })
  for (const runner of ['solidity', 'nodejs']) {
    const command = ['hardhat', ...CONFIG, 'test', runner]
    const { exitCode } = await runCommand(command, { onOutput: (text) => process.stderr.write(text) })
    if (exitCode !== 0) return false
  }
  return true
}

function percent(hits: readonly boolean[]): number {
  return hits.length === 0 ? 100 : (100 * hits.filter((hit) => hit).length) / hits.length
}

/** Prints one file's row and what it misses; returns whether it is enough. */
function report(file: string, goals: readonly Goal[], excused: ReadonlySet<string>): boolean {
  const counted = goals.filter(({ hit, text }) => hit || !excused.has(text))
  const [statements, branches] = ['statement', 'branch'].map((kind) =>
    counted.filter((goal) => goal.kind === kind).map(({ hit }) => hit),
  ) as [boolean[], boolean[]]
  const figures = [percent([...linesOf(counted).values()]), percent(statements), percent(branches)]
  const cells = figures.map((figure) => figure.toFixed(1).padStart(9))
  console.log(`${file.padEnd(44)}${cells.join('')}${String(branches.length).padStart(7)}`)
  for (const { line, text, kind } of goals.filter(({ hit }) => !hit).sort((a, b) => a.line - b.line)) {
    console.log(`  line ${line}, ${kind}: ${text}${excused.has(text) ? ' (excused)' : ''}`)
  }
  return figures.every((figure) => figure >= LEAST_PERCENT)
}

/** Exceptions that name nothing unreached are stale, and hide what comes after them. */
function staleExceptions(exceptions: readonly Exception[], files: ReadonlyMap<string, readonly Goal[]>): Exception[] {
  return exceptions.filter(({ file, text }) => !files.get(file)?.some((goal) => goal.text === text && !goal.hit))
}

function judge(): boolean {
  const hits = readHits()
  const sources = globSync('contracts/**/*.sol').sort()
  const files = new Map(sources.map((file) => [file, readGoals(file, hits)]))
  const exceptions = JSON.parse(readFileSync(EXCEPTIONS, 'utf8')) as Exception[]
  writeFileSync(LCOV, formatLcov(files))
  console.log(`\n${'reached, in %'.padEnd(44)}    lines statements branches   of`)
  let enough = true
  for (const [file, goals] of files) {
    if (goals.length === 0) continue
    const excused = new Set(exceptions.filter((exception) => exception.file === file).map(({ text }) => text))
    enough = report(file, goals, excused) && enough
  }
  const stale = staleExceptions(exceptions, files)
  for (const { file, text } of stale) console.log(`${EXCEPTIONS} excuses what is reached or gone: ${file}: ${text}`)
  return enough && stale.length === 0
}

prepareEnvironment()
const passed = await runTests()
const enough = judge()
console.log(enough ? `\nAt least ${LEAST_PERCENT} % everywhere; ${LCOV} has it all` : `\nBelow ${LEAST_PERCENT} %`)
process.exitCode = passed && enough ? 0 : 1
