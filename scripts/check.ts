/**
 * Everything about the source that a machine can judge without running it: format, lint, types, arrows, generated files.
 * `npm run check -- --only lint` runs one group, `--only eslint,solhint` single steps.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runSteps } from './lib/run-steps.ts'
import type { Step } from './lib/run-steps.ts'

/** Contract types come from the artifacts, which a fresh clone does not have: everything that reads types waits for this. */
const BUILD: Step = { name: 'contracts', group: 'build', command: ['hardhat', 'build', '--quiet'] }

/** The longest first, so that two workers end at about the same time. */
const STEPS: readonly Step[] = [
  { name: 'eslint', group: 'lint', command: ['eslint', '--max-warnings', '0', '.'] },
  { name: 'generated', group: 'generated', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  { name: 'prettier', group: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'tsc app', group: 'types', command: ['tsc', '-p', 'app'] },
  { name: 'tsc worker', group: 'types', command: ['tsc', '-p', 'app/tsconfig.sw.json'] },
  { name: 'tsc node', group: 'types', command: ['tsc', '-p', 'node'] },
  { name: 'tsc root', group: 'types', command: ['tsc', '-p', '.'] },
  { name: 'tsc sdk', group: 'types', command: ['tsc', '-p', 'sdk'] },
  { name: 'tsc sdk test', group: 'types', command: ['tsc', '-p', 'sdk/tsconfig.test.json'] },
  {
    name: 'solhint',
    group: 'lint',
    command: ['solhint', '--disc', '--noPrompt', '--max-warnings', '0', 'contracts/**/*.sol'],
  },
  {
    name: 'arrows',
    group: 'arrows',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', 'sdk', 'node', 'app', 'scripts', 'test', 'ignition'],
  },
]

function select(only: string | undefined): readonly Step[] {
  if (only === undefined) return STEPS
  const wanted = only.split(',')
  const unknown = wanted.filter((name) => !STEPS.some((step) => step.name === name || step.group === name))
  if (unknown.length > 0) {
    const groups = [...new Set(STEPS.map((step) => step.group))]
    console.error(`No step or group is called ${unknown.join(', ')}. Groups: ${groups.join(', ')}.`)
    process.exit(2)
  }
  return STEPS.filter((step) => wanted.includes(step.name) || wanted.includes(step.group))
}

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const steps = select(values.only)
prepareEnvironment()
const started = performance.now()
const unbuilt = await runSteps([BUILD], 1)
const failed = unbuilt.length > 0 ? unbuilt : await runSteps(steps, Math.min(4, availableParallelism()))
const total = ((performance.now() - started) / 1000).toFixed(1)
console.log(
  failed.length === 0 ? `All ${steps.length} steps passed in ${total} s` : `Failed in ${total} s: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
