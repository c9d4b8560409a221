/**
 * Everything about the source that a machine can judge without running it: format, lint, types, arrows, generated files.
 * `npm run check -- --only lint` runs one group, `--only eslint,solhint` single steps.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runSteps } from './lib/run-steps.ts'
import type { Step } from './lib/run-steps.ts'

/** TypeScript's native compiler; eslint has the other, whose API it needs. */
const tsc = [process.execPath, 'node_modules/typescript-7/bin/tsc', '-p'] as const

/**
 * The longest first, so that two workers end at about the same time. Contract types come from the artifacts, which a fresh
 * clone does not have: what reads them waits for the build.
 */
const STEPS: readonly Step[] = [
  { name: 'contracts', group: 'build', command: ['hardhat', 'build', '--quiet', '--no-tests'] },
  {
    name: 'eslint',
    group: 'lint',
    command: ['eslint', '--max-warnings', '0', '--ignore-pattern', 'app', '.'],
    after: 'contracts',
  },
  { name: 'eslint app', group: 'lint', command: ['eslint', '--max-warnings', '0', 'app'] },
  { name: 'prettier', group: 'format', command: ['prettier', '--check', '--cache', '--log-level', 'warn', '.'] },
  // All that runs in Node, the sdk and its tests included, as one program; below, the sdk without Node's types.
  { name: 'tsc root', group: 'types', command: [...tsc, '.'], after: 'contracts' },
  { name: 'tsc app', group: 'types', command: [...tsc, 'app'] },
  { name: 'tsc sdk', group: 'types', command: [...tsc, 'sdk'] },
  // AssemblyScript's own compiler is the only one that knows its types.
  { name: 'subgraph', group: 'types', command: [process.execPath, 'scripts/build-subgraph.ts'] },
  { name: 'tsc worker', group: 'types', command: [...tsc, 'app/tsconfig.sw.json'] },
  {
    name: 'solhint',
    group: 'lint',
    command: ['solhint', '--disc', '--noPrompt', '--max-warnings', '0', 'contracts/**/*.sol'],
  },
  {
    name: 'arrows',
    group: 'arrows',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      'sdk',
      'node',
      'app',
      'subgraph/runner',
      'scripts',
      'test',
      'ignition',
    ],
  },
  {
    name: 'generated',
    group: 'generated',
    command: [process.execPath, 'scripts/generate.ts', '--check'],
    after: 'contracts',
  },
]

/** The steps with only what was asked for; the build stays, since most of the rest reads what it makes. */
function select(only: string | undefined): readonly Step[] {
  if (only === undefined) return STEPS
  const wanted = only.split(',')
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name || step.group === name))
  if (unknown.length > 0) {
    const groups = [...new Set(STEPS.map((step) => step.group))]
    console.error(`No step or group is called ${unknown.join(', ')}. Groups: ${groups.join(', ')}.`)
    process.exit(2)
  }
  return STEPS.filter(({ name, group }) => group === 'build' || wanted.includes(name) || wanted.includes(group))
}

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const steps = select(values.only)
prepareEnvironment()
const started = performance.now()
const failed = await runSteps(steps, Math.min(4, availableParallelism()))
const total = ((performance.now() - started) / 1000).toFixed(1)
console.log(
  failed.length === 0 ? `All ${steps.length} steps passed in ${total} s` : `Failed in ${total} s: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
