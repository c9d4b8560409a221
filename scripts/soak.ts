/**
 * Kills the seeder and the consumer of a paid download in turn, far more often than `npm test` does: `--kills 50` times
 * unless told otherwise. What is random, the moments above all, follows from `--seed`, which is printed. Exits 1 where
 * something was lost, fetched twice, or is not paid as it was served.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'
import { runCommand } from './lib/run-command.ts'
import { runNodeTests } from './lib/run-node-tests.ts'
import { formatCounts } from './lib/test-counts.ts'

const SEEDS = 2 ** 32
/** Of a network's start, and of one kill with all that follows. */
const [START_MS, KILL_MS] = [60_000, 30_000]

function readNumber(name: string, text: string, most: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  console.error(`--${name} is "${text}", and should be a whole number up to ${most}`)
  process.exit(2)
}

const { values } = parseArgs({ options: { kills: { type: 'string', default: '50' }, seed: { type: 'string' } } })
const kills = readNumber('kills', values.kills, 10_000)
const seed = values.seed === undefined ? randomInt(SEEDS) : readNumber('seed', values.seed, SEEDS - 1)
prepareEnvironment()
process.env['SOAK_KILLS'] = String(kills)
process.env['SOAK_SEED'] = String(seed)
console.log(`${kills} kills; again with --kills ${kills} --seed ${seed}`)
const build = await runCommand(['hardhat', 'build', '--quiet'])
if (build.exitCode !== 0) console.error(build.output)
const counts = await runNodeTests(['test/e2e/soak.test.ts'], {
  concurrency: 1,
  timeoutMs: START_MS + kills * KILL_MS,
  onOutput: (text) => process.stdout.write(text),
})
console.log(formatCounts(counts))
process.exitCode = counts.failed === 0 && build.exitCode === 0 ? 0 : 1
