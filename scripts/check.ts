/**
 * Everything about the source that a machine can judge without running it: format, lint, types, arrows, generated files.
 * `npm run check -- --only lint` runs one group, `--only eslint,solhint` single steps.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runSteps } from './lib/run-steps.ts'
import type { Step } from './lib/run-steps.ts'

/**
 * Two waves, because contract types come from the artifacts, which a fresh clone does not have: what reads them waits for
 * the build. Within a wave the longest first, so that two workers end at about the same time.
 */
const WAVES: readonly (readonly Step[])[] = [
  [
    { name: 'contracts', group: 'build', command: ['hardhat', 'build', '--quiet', '--no-tests'] },
    { name: 'eslint app', group: 'lint', command: ['eslint', '--max-warnings', '0', 'app'] },
    { name: 'prettier', group: 'format', command: ['prettier', '--check', '--cache', '--log-level', 'warn', '.'] },
    { name: 'tsc app', group: 'types', command: ['tsc', '-p', 'app'] },
    { name: 'tsc sdk', group: 'types', command: ['tsc', '-p', 'sdk'] },
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
        'scripts',
        'test',
        'ignition',
      ],
    },
    { name: 'tsc worker', group: 'types', command: ['tsc', '-p', 'app/tsconfig.sw.json'] },
  ],
  [
    { name: 'eslint', group: 'lint', command: ['eslint', '--max-warnings', '0', '--ignore-pattern', 'app', '.'] },
    // All that runs in Node, the sdk and its tests included, as one program; above, the sdk without Node's types.
    { name: 'tsc root', group: 'types', command: ['tsc', '-p', '.'] },
    { name: 'generated', group: 'generated', command: [process.execPath, 'scripts/generate.ts', '--check'] },
  ],
]

/** The waves with only what was asked for; the build stays, since most of the rest reads what it makes. */
function select(only: string | undefined): readonly (readonly Step[])[] {
  if (only === undefined) return WAVES
  const wanted = only.split(',')
  const steps = WAVES.flat()
  const unknown = wanted.filter((name) => !steps.some((step) => step.name === name || step.group === name))
  if (unknown.length > 0) {
    const groups = [...new Set(steps.map((step) => step.group))]
    console.error(`No step or group is called ${unknown.join(', ')}. Groups: ${groups.join(', ')}.`)
    process.exit(2)
  }
  const isWanted = (step: Step) => step.group === 'build' || wanted.includes(step.name) || wanted.includes(step.group)
  return WAVES.map((wave) => wave.filter(isWanted))
}

async function runWaves(waves: readonly (readonly Step[])[]): Promise<string[]> {
  const failed: string[] = []
  for (const wave of waves) failed.push(...(await runSteps(wave, Math.min(4, availableParallelism()))))
  return failed
}

const { values } = parseArgs({ options: { only: { type: 'string' } } })
const waves = select(values.only)
prepareEnvironment()
const started = performance.now()
const failed = await runWaves(waves)
const total = ((performance.now() - started) / 1000).toFixed(1)
console.log(
  failed.length === 0
    ? `All ${waves.flat().length} steps passed in ${total} s`
    : `Failed in ${total} s: ${failed.join(', ')}`,
)
process.exitCode = failed.length === 0 ? 0 : 1
