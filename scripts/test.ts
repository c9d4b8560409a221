/**
 * Runs every test, in stages, and ends with one line: `N passed, N failed`.
 * `npm test -- --fast` leaves out what needs a whole network; `npm test -- --only e2e` runs one stage.
 */
import { globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { buildSubgraph } from './dev-network/subgraph.ts'
import { keepCompiledModules, prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'
import { runHardhatTests } from './lib/run-hardhat-tests.ts'
import { runNodeTests } from './lib/run-node-tests.ts'
import { CHROMIUM, requireProgram } from './lib/system.ts'
import { NO_TESTS, addCounts, formatCounts } from './lib/test-counts.ts'
import type { TestCounts } from './lib/test-counts.ts'

type Stage = { readonly name: string; readonly run: (onOutput: (text: string) => void) => Promise<TestCounts> }

const MINUTE_MS = 60_000

const CONTRACTS: Stage = { name: 'contracts', run: runHardhatTests }
const UNIT: Stage = {
  name: 'unit',
  run: (onOutput) =>
    runNodeTests(globSync('{sdk/src,node/src,app/src,subgraph/runner/src,scripts,test/subgraph}/**/*.test.ts').sort(), {
      concurrency: availableParallelism(),
      timeoutMs: MINUTE_MS,
      onOutput,
    }),
}
/** Each story starts a network of its own, of half a dozen processes that mostly wait for each other: two keep two cores busy. */
const E2E: Stage = {
  name: 'e2e',
  run: (onOutput) => {
    const files = globSync('test/e2e/**/*.test.ts', { exclude: ['test/e2e/browser/**'] }).sort()
    const concurrency = Math.min(2, availableParallelism())
    return runNodeTests(files, { concurrency, timeoutMs: 4 * MINUTE_MS, onOutput })
  },
}
const BROWSER: Stage = {
  name: 'browser',
  run: (onOutput) => {
    const files = globSync('test/e2e/browser/**/*.test.ts').sort()
    return runNodeTests(files, { concurrency: 1, timeoutMs: 4 * MINUTE_MS, onOutput })
  },
}

/** The stages of one wave run together: the contracts keep one core busy, the unit tests use what is left. */
const WAVES: readonly (readonly Stage[])[] = [[CONTRACTS, UNIT], [E2E], [BROWSER]]

/** Runs the stages of a wave at once; the first one's output is seen as it comes, the others' when they are done. */
async function runWave(stages: readonly Stage[], report: string[]): Promise<TestCounts> {
  let ahead = Promise.resolve()
  const results = stages.map((stage, index) => {
    const held: string[] = []
    const onOutput = (text: string) => (index === 0 ? process.stdout.write(text) : held.push(text))
    const result = runStage(stage, onOutput, report)
    ahead = Promise.all([ahead, result]).then(() => {
      process.stdout.write(held.join(''))
    })
    return result
  })
  console.log(`\n── ${stages.map((stage) => stage.name).join(' and ')} ──`)
  const counts = await Promise.all(results)
  await ahead
  return counts.reduce(addCounts, NO_TESTS)
}

async function runStage(stage: Stage, onOutput: (text: string) => void, report: string[]): Promise<TestCounts> {
  const started = performance.now()
  const counts = await stage.run(onOutput)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const ranNothing = counts.passed + counts.skipped === 0 && counts.failed === 1
  report.push(
    `  ${stage.name.padEnd(10)} ${formatCounts(counts)} in ${seconds} s${ranNothing ? ' (no test passed)' : ''}`,
  )
  return counts
}

function selectWaves({ fast, only }: { fast: boolean; only: string | undefined }): Stage[][] {
  const names = only?.split(',') ?? (fast ? [CONTRACTS.name, UNIT.name] : WAVES.flat().map((stage) => stage.name))
  const unknown = names.filter((name) => !WAVES.flat().some((stage) => stage.name === name))
  if (unknown.length > 0) {
    console.error(
      `No stage is called ${unknown.join(', ')}. Stages: ${WAVES.flat()
        .map((stage) => stage.name)
        .join(', ')}.`,
    )
    process.exit(2)
  }
  return WAVES.map((wave) => wave.filter((stage) => names.includes(stage.name))).filter((wave) => wave.length > 0)
}

/** What the stages need before the first of them starts; says what is missing and ends here if it cannot be had. */
async function prepare(stages: readonly Stage[]): Promise<void> {
  if (stages.includes(BROWSER)) {
    await requireProgram(CHROMIUM).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exit(1)
    })
  }
  // Tests of every stage read what is compiled; done once here, it is not done by two at once.
  if (stages.includes(E2E)) await buildSubgraph(new AbortController().signal)
  const build = await runCommand(['hardhat', 'build', '--quiet'])
  if (build.exitCode === 0) return
  console.error(build.output)
  process.exit(1)
}

const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false }, only: { type: 'string' } } })
const waves = selectWaves({ fast: values.fast, only: values.only })
prepareEnvironment()
keepCompiledModules()
await prepare(waves.flat())
const report: string[] = []
let total = NO_TESTS
for (const wave of waves) total = addCounts(total, await runWave(wave, report))
console.log(`\n${report.join('\n')}\n\n${formatCounts(total)}`)
process.exitCode = total.failed === 0 ? 0 : 1
