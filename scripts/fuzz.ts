/**
 * Searches the contracts' invariants deeper than `npm test` does, and counts what was really called. `--seed 0x…` searches
 * elsewhere; without it every run makes the same calls. Exits 1 for a broken invariant or fewer calls than promised.
 */
import { parseArgs } from 'node:util'
import { prepareEnvironment } from './lib/environment.ts'

/** In docs/testing.md. */
const LEAST_CALLS = 100_000n

/** What `hardhat test solidity` gives of each test; `calls` for invariants only. */
type TestKind = { readonly runs?: bigint; readonly calls?: bigint }
type SolidityTest = { readonly name: string; readonly status: string; readonly kind: TestKind }
type Suite = { readonly id: { readonly name: string }; readonly testResults: readonly SolidityTest[] }
type Outcome = { readonly summary: { readonly failureOutput: string }; readonly suiteResults: readonly Suite[] }

/** Runs the Solidity tests with the profile and seed of the environment. @throws where there was nothing to run. */
async function runTests(): Promise<{ success: boolean; value: Outcome; depth: number }> {
  // Imported late: the configuration reads the environment.
  const { default: hre } = await import('hardhat')
  const profile = hre.config.test.solidity.profiles['default']
  const answer = (await hre.tasks.getTask(['test', 'solidity']).run()) as Record<string, unknown>
  // A failed run carries its value as the error.
  const value = (answer['value'] ?? answer['error']) as Outcome | undefined
  if (value?.suiteResults === undefined) throw new Error('No test ran', { cause: value })
  const depth = profile?.invariant?.depth
  if (depth === undefined) throw new Error('The configuration sets no depth for invariants')
  return { success: answer['success'] === true, value, depth }
}

/** Calls of all invariants; complains of those that were called less often than configured. */
function countCalls(suites: readonly Suite[], depth: number): bigint {
  let total = 0n
  for (const { id, testResults } of suites) {
    for (const { name, kind } of testResults) {
      if (kind.calls === undefined || kind.runs === undefined) continue
      total += kind.calls
      if (kind.calls < kind.runs * BigInt(depth)) {
        console.error(`${id.name}.${name} made ${kind.calls} calls in ${kind.runs} runs of ${depth}`)
        process.exitCode = 1
      }
    }
  }
  return total
}

const { values } = parseArgs({ options: { seed: { type: 'string' } } })
if (values.seed !== undefined && !/^0x[0-9a-f]+$/i.test(values.seed)) {
  console.error(`--seed is "${values.seed}", and should be hexadecimal: 0x…`)
  process.exit(2)
}
prepareEnvironment()
process.env['FUZZ_PROFILE'] = 'ci'
if (values.seed !== undefined) process.env['FUZZ_SEED'] = values.seed
const { success, value, depth } = await runTests()
console.log(value.summary.failureOutput)
const calls = countCalls(value.suiteResults, depth)
console.log(`${calls.toLocaleString('en-US')} calls by invariants`)
if (!success || calls < LEAST_CALLS) process.exitCode = 1
